package keras

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
	"github.com/kerasgo/kerasgo/spec"
)

// operationNode returns a call of an operation as files hold it.
func (c *call) operationNode(op operations.Operation, tensorOf func(*Symbol) any) *spec.Object {
	names := op.Arguments()
	args, kwargs := []any{}, spec.NewObject()
	for i, a := range c.args {
		v := argumentConfig(a, tensorOf)
		switch {
		case i < len(names) && slices.Contains(c.keywords, names[i]):
			kwargs.Set(names[i], v)
		case len(kwargs.Keys()) == 0:
			args = append(args, v)
		}
	}
	return spec.NewObject("args", args, "kwargs", kwargs)
}

// kerasTensor is a constant that a file holds as a tensor of Keras's rather than an
// array of NumPy's.
type kerasTensor struct{ *tensor.Tensor }

func argumentConfig(arg any, tensorOf func(*Symbol) any) any {
	switch a := arg.(type) {
	case *Symbol:
		return tensorOf(a)
	case []any:
		list := make([]any, len(a))
		for i, x := range a {
			list[i] = argumentConfig(x, tensorOf)
		}
		return list
	case *tensor.Tensor:
		return spec.NewObject("class_name", "__numpy__", "config", spec.NewObject("value", nested(a), "dtype", a.DType().String()))
	case kerasTensor:
		return spec.NewObject("class_name", "__tensor__", "config", spec.NewObject("value", nested(a.Tensor), "dtype", a.DType().String()))
	case operations.Range:
		o := spec.NewObject("start", nil, "stop", nil, "step", nil)
		for k, p := range map[string]*int{"start": a.Start, "stop": a.Stop, "step": a.Step} {
			if p != nil {
				o.Set(k, *p)
			}
		}
		return spec.NewObject("class_name", "__slice__", "config", o)
	case operations.Ellipsis:
		return spec.NewObject("class_name", "__ellipsis__", "config", spec.NewObject())
	}
	return arg
}

// nested returns a tensor's elements as lists of lists.
func nested(t *tensor.Tensor) any {
	at := 0
	var build func(shape tensor.Shape) any
	build = func(shape tensor.Shape) any {
		if len(shape) == 0 {
			at++
			if x := t.Float64At(at - 1); t.DType().Float() {
				return x
			} else if t.DType() == tensor.Bool {
				return x != 0
			} else {
				return int(x)
			}
		}
		list := make([]any, shape[0])
		for i := range list {
			list[i] = build(shape[1:])
		}
		return list
	}
	return build(t.Shape())
}

// operationInbound reads a call of an operation: arguments with tensorRef for
// symbols.
func operationInbound(n *spec.Node, op operations.Operation) (a callArgs, errs spec.Errors) {
	names := op.Arguments()
	if n.Kind == spec.Sequence {
		return a, wrong(n, spec.CodeUnsupported, "an operation called in the way of Keras 2 is not supported")
	}
	a.operation = []any{}
	if args := n.Get("args"); args != nil {
		for _, item := range args.Items {
			v, es := a.operationArgument(item)
			a.operation, errs = append(a.operation, v), append(errs, es...)
		}
	}
	if len(a.operation) > len(names) && !strings.HasSuffix(names[len(names)-1], "*") {
		errs = append(errs, wrong(n, spec.CodeRange, "the operation takes %d arguments, not %d", len(names), len(a.operation))...)
	}
	if kw := n.Get("kwargs"); kw != nil {
		for _, p := range kw.Pairs {
			i := slices.Index(names, p.Key.Value)
			if i < 0 {
				errs = append(errs, wrong(p.Key, spec.CodeUnknownArgument, "the operation has no argument %q; it takes %s", p.Key.Value, strings.Join(names, ", "))...)
				continue
			}
			v, es := a.operationArgument(p.Val)
			errs = append(errs, es...)
			for len(a.operation) <= i {
				a.operation = append(a.operation, nil)
			}
			a.operation[i] = v
			a.byName = append(a.byName, p.Key.Value)
		}
	}
	return a, errs
}

// operationArgument reads an argument and notes the tensors in it among the refs.
func (a *callArgs) operationArgument(n *spec.Node) (any, spec.Errors) {
	switch n.Kind {
	case spec.Null:
		return nil, nil
	case spec.Bool:
		return n.Bool(), nil
	case spec.Int:
		i, _ := n.Int()
		return i, nil
	case spec.Float:
		x, _ := n.Float()
		return x, nil
	case spec.String:
		return n.Value, nil
	case spec.Sequence:
		list := []any{}
		var errs spec.Errors
		for _, item := range n.Items {
			v, es := a.operationArgument(item)
			list, errs = append(list, v), append(errs, es...)
		}
		return list, errs
	}
	head, config := n.Get("class_name"), n.Get("config")
	if head == nil || config == nil {
		return nil, wrong(n, spec.CodeUnsupported, "an operation called with a mapping is not supported")
	}
	switch head.Value {
	case "__keras_tensor__":
		r, ok := refOf(config.Get("keras_history"))
		if !ok {
			return nil, wrong(n, spec.CodeType, "a tensor without keras_history")
		}
		a.refs = append(a.refs, r)
		return r, nil
	case "__slice__":
		return operations.Range{Start: intOf(config.Get("start")), Stop: intOf(config.Get("stop")), Step: intOf(config.Get("step"))}, nil
	case "__ellipsis__":
		return operations.Ellipsis{}, nil
	case "__tensor__", "__numpy__":
		t, errs := constantTensor(config)
		if len(errs) == 0 && head.Value == "__tensor__" {
			return kerasTensor{t}, nil
		}
		return t, errs
	}
	return nil, wrong(n, spec.CodeUnsupported, "an operation called with a %s is not supported", head.Value)
}

func intOf(n *spec.Node) *int {
	if n == nil {
		return nil
	}
	if i, ok := n.Int(); ok {
		return &i
	}
	return nil
}

// constantTensor reads {value: nested lists, dtype: …}.
func constantTensor(config *spec.Node) (*tensor.Tensor, spec.Errors) {
	value, name := config.Get("value"), config.Get("dtype")
	if value == nil || name == nil {
		return nil, wrong(config, spec.CodeMissing, "a tensor wants value and dtype")
	}
	dtype, err := tensor.ParseDType(name.Value)
	if err != nil || dtype == tensor.String {
		return nil, wrong(name, spec.CodeUnsupported, "a constant of type %s is not supported", name.Value)
	}
	var shape []int
	for n := value; n.Kind == spec.Sequence; n = n.Items[0] {
		shape = append(shape, len(n.Items))
		if len(n.Items) == 0 {
			return nil, wrong(value, spec.CodeShape, "an empty tensor as a constant is not supported")
		}
	}
	var list []float64
	var read func(n *spec.Node, depth int) spec.Errors
	read = func(n *spec.Node, depth int) spec.Errors {
		if depth == len(shape) {
			x, ok := n.Float()
			if n.Kind == spec.Bool {
				if ok = true; n.Bool() {
					x = 1
				}
			}
			if !ok {
				return wrong(n, spec.CodeType, "a number is wanted")
			}
			list = append(list, x)
			return nil
		}
		if n.Kind != spec.Sequence || len(n.Items) != shape[depth] {
			return wrong(n, spec.CodeShape, "the lists of a tensor differ in length")
		}
		for _, item := range n.Items {
			if errs := read(item, depth+1); len(errs) > 0 {
				return errs
			}
		}
		return nil
	}
	if errs := read(value, 0); len(errs) > 0 {
		return nil, errs
	}
	t := tensor.New(dtype, shape...)
	for i, x := range list {
		t.SetFloat64At(i, x)
	}
	return t, nil
}

// resolveOperation replaces the references among an operation's arguments by
// symbols, which come in the order in which the references were read.
func resolveOperation(arg any, symbols map[*spec.Node]*Symbol) any {
	switch a := arg.(type) {
	case tensorRef:
		return symbols[a.at]
	case []any:
		list := make([]any, len(a))
		for i, x := range a {
			list[i] = resolveOperation(x, symbols)
		}
		return list
	}
	return arg
}
