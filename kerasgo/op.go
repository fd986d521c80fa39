package keras

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/operations"
)

// Op applies an operation of keras.ops to symbols, numbers and arrays, as Keras does
// where a function of keras.ops or a Python operator meets a symbolic tensor:
//
//	mean := keras.Op(operations.Mean{Axis: spec.Ints{1}}, x)
//	far := keras.Op(operations.Greater{}, x, 0.5)
//	both := keras.Op(operations.Concatenate{Axis: new(-1)}, []*keras.Symbol{x, y})
//
// Arguments are symbols, Go numbers and truth values, *tensor.Tensor, slices of any
// of them, and nil for Python's None. Symbol has methods for what Python writes with
// operators, such as x.Add(y) and x.At(keras.All, 0).
func Op(op operations.Operation, args ...any) *Symbol {
	where := caller(1)
	return newLayer(op, where).operate(where, args, nil)
}

// OpMulti is Op for operations with several outputs, such as operations.Split.
func OpMulti(op operations.Operation, args ...any) []*Symbol {
	where := caller(1)
	return newLayer(op, where).operate(where, args, nil).siblings()
}

// OpWith is OpMulti with arguments by name after the positional ones.
func OpWith(op operations.Operation, kwargs Kwargs, args ...any) []*Symbol {
	where := caller(1)
	return newLayer(op, where).operate(where, args, kwargs).siblings()
}

func isOperation(v any) bool {
	_, ok := v.(operations.Operation)
	return ok
}

// operate applies the layer, an operation.
func (l *Layer) operate(where string, args []any, kwargs Kwargs) *Symbol {
	fail := func(err error) *Symbol {
		return &Symbol{shape: tensor.Shape{tensor.Unknown}, err: located(where, "keras.Op("+l.typeName()+")", err)}
	}
	if l.err != nil {
		return &Symbol{shape: tensor.Shape{tensor.Unknown}, err: l.err}
	}
	op, ok := l.desc.(operations.Operation)
	if !ok {
		return fail(errors.New("this is no operation; keras.Apply calls layers"))
	}
	m, err := arrange(op, args, kwargs)
	if err != nil {
		return fail(err)
	}
	in := symbolsIn(m.args, nil)
	if len(in) == 0 {
		return fail(errors.New("none of the arguments is a symbol"))
	}
	return l.applyAs(where, m, in)
}

// arrange puts an operation's arguments into the order of their names.
func arrange(op operations.Operation, args []any, kwargs Kwargs) (m manner, err error) {
	names := op.Arguments()
	variadic := strings.HasSuffix(names[len(names)-1], "*")
	if len(args) > len(names) && !variadic {
		return m, fmt.Errorf("called with %d arguments; it takes %s", len(args), strings.Join(names, ", "))
	}
	for _, a := range args {
		v, err := argument(a)
		if err != nil {
			return m, err
		}
		m.args = append(m.args, v)
	}
	if k, ok := op.(operations.Keyworded); ok {
		for _, name := range k.Keywords() {
			if i := slices.Index(names, name); i >= 0 && i < len(args) {
				m.keywords = append(m.keywords, name)
			}
		}
	}
	for _, k := range sortedKeys(kwargs) {
		i := slices.Index(names, k)
		switch {
		case i < 0:
			return m, fmt.Errorf("%q is no argument of the call; it takes %s", k, strings.Join(names, ", "))
		case i < len(args):
			return m, fmt.Errorf("%q is given twice: by name and as argument %d", k, i)
		}
		for len(m.args) <= i {
			m.args = append(m.args, nil)
		}
		if m.args[i], err = argument(kwargs[k]); err != nil {
			return m, err
		}
		m.keywords = append(m.keywords, k)
	}
	return m, nil
}

// argument brings a Go value into the form in which calls keep arguments.
func argument(a any) (any, error) {
	switch a := a.(type) {
	case nil, bool, int, float64, string, *Symbol, *tensor.Tensor, kerasTensor, operations.Range, operations.Ellipsis:
		return a, nil
	case float32:
		return float64(a), nil
	case int32:
		return int(a), nil
	case int64:
		return int(a), nil
	case []any:
		return listOf(a)
	case []*Symbol:
		return listOf(a)
	case []int:
		return listOf(a)
	case []float64:
		return listOf(a)
	case []float32:
		return listOf(a)
	case [][]float64:
		return listOf(a)
	case [][]int:
		return listOf(a)
	case []bool:
		return listOf(a)
	}
	return nil, fmt.Errorf("an operation takes symbols, numbers and arrays, not a %T", a)
}

func listOf[T any](list []T) (any, error) {
	out := make([]any, len(list))
	for i, a := range list {
		v, err := argument(a)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// symbolsIn appends the symbols among arguments, in order.
func symbolsIn(arg any, in []*Symbol) []*Symbol {
	switch a := arg.(type) {
	case *Symbol:
		return append(in, a)
	case []any:
		for _, x := range a {
			in = symbolsIn(x, in)
		}
	}
	return in
}

// results calls an operation. Arguments come from files: whatever they make the ops
// stumble over is an error of the model.
func (t *trace) results(op operations.Operation, args []any) (out []operations.Value) {
	defer func() {
		if v := recover(); v != nil {
			t.g.Errorf("the arguments do not fit: %v", v)
			out = nil
		}
	}()
	return op.Call(operations.NewCall(t.g, args))
}

// operation traces one call of an operation.
func (t *trace) operation(l *Layer, op operations.Operation, m manner, in []graph.Value) []graph.Value {
	next := 0
	var fill func(arg any) any
	fill = func(arg any) any {
		switch a := arg.(type) {
		case *Symbol:
			next++
			return operations.Value{Value: in[next-1], DType: a.dtypeName()}
		case kerasTensor:
			return a.Tensor
		case []any:
			list := make([]any, len(a))
			for i, x := range a {
				list[i] = fill(x)
			}
			return list
		}
		return arg
	}
	results := t.results(op, fill(m.args).([]any))
	if len(results) == 0 { // there is an error
		return in
	}
	var out []graph.Value
	t.named = nil
	for _, r := range results {
		v := r.Value
		if t.masks[v].OK() && slices.Contains(in, v) { // an operation ends the mask
			v = t.anew(v)
		}
		out = append(out, v)
		name := r.DType
		if name == v.DType().String() {
			name = ""
		}
		t.named = append(t.named, name)
	}
	if t.visit != nil {
		t.visit(l, in, out)
	}
	return out
}
