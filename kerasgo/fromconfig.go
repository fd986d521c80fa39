package keras

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// FromJSON makes a model, without weights, from the text of Keras's to_json or of
// a config.json. Nothing in it is executed; Lambda and classes that are not
// registered are refused by name.
func FromJSON(text string) (*Model, error) { return fromText("config.json", text) }

// FromYAML makes a model, without weights, from kerasgo's short form
// ("Sequential: […]") or from Keras's long form in YAML.
func FromYAML(text string) (*Model, error) { return fromText("model.yaml", text) }

func fromText(name, text string) (*Model, error) {
	n, errs := spec.Parse(name, []byte(text))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	m, errs := Decode(modernText(n))
	return m, errs.Err()
}

// modernText translates what Keras 1 and 2 wrote: an object without a module.
func modernText(n *spec.Node) *spec.Node {
	if n.Get("class_name") == nil || n.Get("module") != nil {
		return n
	}
	version := ""
	if v := n.Get("keras_version"); v != nil {
		version = v.Value
	}
	return modernise(n, version)
}

// Decode makes a model from a parsed description: one of the short forms, or
// Keras's JSON of a Sequential or Functional model, compiled when it says how. All
// mistakes are returned, each with its place.
func Decode(n *spec.Node) (*Model, spec.Errors) {
	m, errs := decodeModel(n)
	if len(errs) > 0 {
		return nil, errs
	}
	if c := n.Get("compile_config"); c != nil && len(c.Pairs) > 0 {
		if errs := m.decodeCompile(c); len(errs) > 0 {
			return nil, errs
		}
	}
	return m, nil
}

func wrong(n *spec.Node, code, format string, args ...any) spec.Errors {
	return spec.Errors{{Pos: n.Pos, Code: code, Msg: fmt.Sprintf(format, args...)}}
}

// isModel reports whether a node describes a model rather than a layer.
func isModel(n *spec.Node) bool {
	head, _ := spec.Head(n)
	if head == nil {
		return false
	}
	_, model := spec.Lookup("model", head.Value)
	return model
}

func decodeModel(n *spec.Node) (*Model, spec.Errors) {
	head, args := spec.Head(n)
	if head == nil {
		return nil, wrong(n, spec.CodeType, "a model is wanted: Sequential with a list of layers, or Keras's JSON")
	}
	switch head.Value {
	case "Sequential":
		return decodeSequential(n, args)
	case "Functional", "Model":
		return decodeFunctional(n, args)
	}
	v, errs := spec.Decode(n, "model")
	if d, ok := v.(modelMaker); ok && len(errs) == 0 {
		m, err := d.Model()
		if err != nil {
			return nil, wrong(head, spec.CodeUnsupported, "%v", err)
		}
		return m, nil
	}
	if len(errs) == 0 && v != nil {
		if m, errs := decodeSubclass(n, v); m != nil || len(errs) > 0 {
			return m, errs
		}
	}
	if len(errs) == 0 {
		errs = wrong(head, spec.CodeUnknownClass, "%q is no model; use Sequential, Functional or an application", head.Value)
	}
	return nil, errs
}

// decodeSequential reads {layers: […], name: …} or just the list.
func decodeSequential(n, args *spec.Node) (*Model, spec.Errors) {
	m := &Model{name: "sequential", autoName: true, sequential: true, trainable: true, seed: globalSeed(), policy: DTypePolicy(), names: map[string]int{}}
	list := args
	if args != nil && args.Kind == spec.Mapping {
		var errs spec.Errors
		for _, p := range args.Pairs {
			switch p.Key.Value {
			case "layers":
			case "name":
				m.Named(p.Val.Value)
			case "trainable":
				m.trainable = p.Val.Bool()
			case "dtype":
				var d struct {
					DType string `keras:"dtype"`
				}
				if errs := spec.DecodeStruct(&spec.Node{Kind: spec.Mapping, Pos: p.Val.Pos, Pairs: []spec.Pair{p}}, &d); len(errs) > 0 {
					return nil, errs
				}
				policy, err := layers.ParsePolicy(d.DType)
				if err != nil {
					return nil, wrong(p.Val, spec.CodeUnsupported, "%v", err)
				}
				m.policy = policy.Name
			case "build_input_shape":
			default:
				errs = append(errs, wrong(p.Key, spec.CodeUnknownArgument, "Sequential has no argument %q", p.Key.Value)...)
			}
		}
		if len(errs) > 0 {
			return nil, errs
		}
		list = args.Get("layers")
	}
	if list == nil || list.Kind != spec.Sequence {
		return nil, wrong(n, spec.CodeType, "Sequential wants a list of layers")
	}
	var all spec.Errors
	var decoded []any
	for _, item := range list.Items {
		v, errs := decodeLayer(item)
		all = append(all, errs...)
		decoded = append(decoded, v)
	}
	if len(all) > 0 {
		return nil, all.Sort()
	}
	for i, v := range decoded {
		m.add(v, "")
		if m.err != nil {
			return nil, spec.Errors{shapeError(list.Items[i], m, m.err)}
		}
	}
	return m, nil
}

// decodeLayer reads a layer or a nested model.
func decodeLayer(n *spec.Node) (any, spec.Errors) {
	if isModel(n) {
		return decodeModel(n)
	}
	v, errs := spec.Decode(n, "layer")
	if len(errs) > 0 {
		return nil, errs
	}
	if ownLayer(v) != nil {
		return decodeSubclass(n, v)
	}
	if _, ok := v.(layers.Layer); !ok && !isOperation(v) {
		return nil, wrong(n, spec.CodeType, "a layer is wanted")
	}
	return v, nil
}

// shapeError locates an error that a layer raised when it was added.
func shapeError(n *spec.Node, m *Model, err error) *spec.Error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner // without the Go caller's place
		if _, ok := err.(interface{ Is(error) bool }); ok {
			break
		}
	}
	head, _ := spec.Head(n)
	if head == nil {
		head = n
	}
	return &spec.Error{Pos: head.Pos, Code: spec.CodeShape, Msg: head.Value + ": " + err.Error(), Err: err}
}

// decodeCompile reads a compile_config and compiles the model.
func (m *Model) decodeCompile(n *spec.Node) spec.Errors {
	var c Compile
	if errs := spec.DecodeStruct(n, &c); len(errs) > 0 {
		return errs
	}
	for _, f := range []*any{&c.Loss, &c.LossWeights, &c.Metrics, &c.WeightedMetrics} {
		*f = goValue(*f)
	}
	if err := m.Compile(c); err != nil {
		return wrong(n, spec.CodeType, "%v", err)
	}
	return nil
}

// goValue turns a free-form value of a description into plain Go lists and maps.
func goValue(v any) any {
	switch v := v.(type) {
	case *spec.Object:
		m := map[string]any{}
		for _, k := range v.Keys() {
			x, _ := v.Get(k)
			m[k] = goValue(x)
		}
		return m
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = goValue(x)
		}
		return out
	}
	return v
}
