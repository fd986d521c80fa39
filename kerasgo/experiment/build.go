package experiment

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Build makes the model of the section model, with fresh weights unless it comes
// from a file. A model whose description does not tell the shape of its input is
// not built yet; Fit does that.
func (e *Experiment) Build() (*keras.Model, spec.Errors) {
	if e.Model == nil {
		return nil, spec.Errors{fail(e.at("model"), spec.CodeMissing, "there is no section model")}
	}
	return e.build(e.Model, nil)
}

// inputOf is the input that data with the given outline needs.
func inputOf(o data.Outline) *layers.InputLayer {
	in := &layers.InputLayer{BatchShape: o.X}
	if o.Strings {
		in.DType = "string"
	}
	return in
}

// build makes a model. input is its input where only the data tells it; mistakes can
// then be found layer by layer.
func (e *Experiment) build(m *Model, input *layers.InputLayer) (*keras.Model, spec.Errors) {
	if m.File != "" {
		return e.load(m)
	}
	if p := e.DTypePolicy; p != "" {
		defer keras.SetDTypePolicy(keras.DTypePolicy())
		if err := keras.SetDTypePolicy(p); err != nil {
			return nil, spec.Errors{located(m.Node, err)}
		}
	}
	if m.Class == "Functional" {
		return keras.Decode(m.Node)
	}
	if m.Application != nil {
		model, err := e.fromBase(m.Application).(applications.Application).Model()
		if err != nil {
			return nil, spec.Errors{located(m.Node, err)}
		}
		return model, nil
	}
	model := keras.NewSequential()
	if m.Name != "" {
		model.Named(m.Name)
	}
	if input != nil {
		model.Add(*input)
	}
	var path []step
	for _, l := range m.Layers {
		before := outputShape(model)
		v := l.Value
		if l.Model != nil {
			inner, errs := e.build(l.Model, nil)
			if len(errs) > 0 {
				return nil, errs
			}
			v = inner
		}
		model.Add(e.fromBase(v))
		if err := model.Err(); err != nil {
			return nil, spec.Errors{layerError(l, before, path, err)}
		}
		if before == nil { // the first layer's own input_shape
			if in := model.InputShapes(); len(in) > 0 {
				before = in[0]
			}
		}
		path = append(path, step{l, before, outputShape(model)})
	}
	if m.Shape != nil && len(model.InputShapes()) == 0 {
		if err := model.Build(m.Shape...); err != nil {
			return nil, spec.Errors{located(m.Node, err)}
		}
	}
	return model, nil
}

// located puts an error at the head of a node.
func located(n *spec.Node, err error) *spec.Error {
	pos := n.Pos
	if head, _ := spec.Head(n); head != nil {
		pos = head.Pos
	}
	return &spec.Error{Pos: pos, Code: codeOf(err), Msg: plainMessage(err), Err: err}
}

func codeOf(err error) string {
	if errors.Is(err, graph.ErrShape) {
		return spec.CodeShape
	}
	var s *spec.Error
	if errors.As(err, &s) {
		return s.Code
	}
	return spec.CodeUnsupported
}

// plainMessage takes the places in Go code off a message of package keras.
func plainMessage(err error) string {
	for {
		msg := err.Error()
		inner := errors.Unwrap(err)
		if inner == nil || !strings.HasSuffix(msg, inner.Error()) {
			return strings.TrimPrefix(msg, "keras: ")
		}
		head := strings.TrimSuffix(msg, inner.Error())
		if !strings.Contains(head, ".go:") && !strings.HasPrefix(head, "model.") && !strings.HasPrefix(head, "keras") {
			return msg
		}
		err = inner
	}
}

// outputShape returns what a Sequential yields so far, nil if its input's shape is not known.
func outputShape(m *keras.Model) tensor.Shape {
	if out := m.OutputShapes(); len(out) > 0 {
		return out[0]
	}
	return nil
}

// step is a layer with the shapes before and after it.
type step struct {
	layer   Layer
	in, out tensor.Shape
}

// layerError locates a layer's misfit at the argument that the message starts
// with, or at the class, and shows the shapes that led there.
func layerError(l Layer, in tensor.Shape, path []step, err error) *spec.Error {
	e := located(l.Node, err)
	arg, _, _ := strings.Cut(e.Msg, " ")
	if _, args := spec.Head(l.Node); args != nil {
		if n := args.Get(arg); n != nil {
			e.Pos = n.Pos
		} else if c, ok := spec.ClassOf(l.Value); ok {
			if pos, ok := c.Positional(); ok && pos.Name == arg && args.Kind != spec.Mapping {
				e.Pos = args.Pos
			}
		}
	}
	e.Msg = l.Class() + ": " + e.Msg
	if e.Code != spec.CodeShape {
		return e
	}
	e.Help = pathLines(path)
	if hint := windowHint(l, arg, in); hint != "" {
		e.Help = append(e.Help, hint)
	}
	return e
}

// maxHelp is how long a line of shapes may get.
const maxHelp = 100

// pathLines lists the layers that changed the shape on the way.
func pathLines(path []step) []string {
	var lines []string
	for i, s := range path {
		if s.out == nil || i > 0 && s.out.Equal(s.in) {
			continue
		}
		line := fmt.Sprintf("line %d %s", s.layer.Node.Pos.Line, s.layer.Class())
		if len(lines) == 0 {
			lines = append(lines, fmt.Sprintf("%s %v → %v", line, s.in, s.out))
			continue
		}
		line = fmt.Sprintf("%s → %v", line, s.out)
		if last := lines[len(lines)-1]; len(lines) > 1 && utf8.RuneCountInString(last+line)+3 <= maxHelp {
			lines[len(lines)-1] = last + ";  " + line
		} else {
			lines = append(lines, line)
		}
	}
	return lines
}

// windowHint says how large a window may be that does not fit into an image.
func windowHint(l Layer, arg string, in tensor.Shape) string {
	c, ok := spec.ClassOf(l.Value)
	if !ok || in == nil || arg != "pool_size" && arg != "kernel_size" {
		return ""
	}
	if _, ok := c.Field("padding"); !ok || len(in) < 3 {
		return ""
	}
	_, args := spec.Head(l.Node)
	if f := args.Get("data_format"); f != nil && f.Value == "channels_first" {
		return ""
	}
	return fmt.Sprintf("use %s up to %v, or padding: same", arg, in[1:len(in)-1])
}

// BuildFor is Build, but a model whose description does not tell the shape of its
// input gets it from the data source, if that knows it without reading data.
func (e *Experiment) BuildFor() (*keras.Model, spec.Errors) {
	m, errs := e.Build()
	if len(errs) > 0 || len(m.InputShapes()) > 0 {
		return m, errs
	}
	o, ok := e.Data.(data.Outliner)
	if !ok || o.Outline().X == nil {
		return m, nil
	}
	if m, errs = e.build(e.Model, inputOf(o.Outline())); len(errs) > 0 || len(m.Adapters()) > 0 {
		return m, errs
	}
	if err := m.Build(); err != nil {
		return nil, spec.Errors{located(e.Model.Node, err)}
	}
	return m, nil
}

// CompileModel compiles a model with the arguments of the section compile. Without
// that section a model keeps what its file or its configuration says.
func (e *Experiment) CompileModel(m *keras.Model) error {
	if e.Compile == nil {
		if m.Compiled() {
			return nil
		}
		return spec.Errors{fail(e.at("compile"), spec.CodeMissing, "there is no section compile")}
	}
	args, err := e.Compile.keras()
	if err != nil {
		return err
	}
	return m.Compile(args)
}
