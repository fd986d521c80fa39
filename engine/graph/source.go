package graph

import "github.com/kerasgo/kerasgo/engine/tensor"

// Input is a value fed anew at each run.
type Input struct {
	Name string
	spec Dims
	typ  tensor.DType
}

// Variable is a value that lives between runs: a weight, an optimizer slot, a
// metric's state. ID is its place in the list of tensors bound to a run.
type Variable struct {
	ID   int
	spec Dims
	typ  tensor.DType
}

// Constant is a value fixed when the graph is built. T must not be changed.
type Constant struct{ T *tensor.Tensor }

// Input returns the input called name, adding it at first use.
func (g *Graph) Input(name string, s Spec) Value {
	return g.source(Input{name, MakeDims(s.Shape...), s.DType}, s)
}

// Variable returns the variable with the given number, adding it at first use.
func (g *Graph) Variable(id int, s Spec) Value {
	return g.source(Variable{id, MakeDims(s.Shape...), s.DType}, s)
}

// Constant returns a fixed value.
func (g *Graph) Constant(t *tensor.Tensor) Value {
	return g.source(Constant{t}, Spec{t.DType(), t.Shape()})
}

// scalarKey finds scalar constants that are in the graph already.
type scalarKey struct {
	source
	dtype tensor.DType
	v     float64
}

// Scalar returns the constant v as a value of rank 0.
func (g *Graph) Scalar(dtype tensor.DType, v float64) Value {
	key := scalarKey{dtype: dtype, v: v}
	if x, ok := g.sources[key]; ok && v == v {
		return x
	}
	t := tensor.New(dtype)
	t.SetFloat64At(0, v)
	x := g.Constant(t)
	g.sources[key] = x
	return x
}

func (g *Graph) source(op Op, s Spec) Value {
	if v, ok := g.sources[op]; ok {
		return v
	}
	v := g.add(op, nil, []Spec{s})[0]
	g.sources[op] = v
	return v
}

// source is what ops without inputs share: they have nothing to infer, to
// differentiate or to evaluate.
type source struct{}

func (source) Infer([]Spec) ([]Spec, error)        { panic("graph: a source is not applied") }
func (source) Gradient(in, out, d []Value) []Value { return nil }
func (source) Eval(out, in []*tensor.Tensor)       { panic("graph: a source is not evaluated") }

func (Input) Infer(in []Spec) ([]Spec, error)        { return source{}.Infer(in) }
func (Input) Gradient(in, out, d []Value) []Value    { return nil }
func (Input) Eval(out, in []*tensor.Tensor)          { source{}.Eval(out, in) }
func (Variable) Infer(in []Spec) ([]Spec, error)     { return source{}.Infer(in) }
func (Variable) Gradient(in, out, d []Value) []Value { return nil }
func (Variable) Eval(out, in []*tensor.Tensor)       { source{}.Eval(out, in) }
func (Constant) Infer(in []Spec) ([]Spec, error)     { return source{}.Infer(in) }
func (Constant) Gradient(in, out, d []Value) []Value { return nil }
func (Constant) Eval(out, in []*tensor.Tensor)       { source{}.Eval(out, in) }

// IsSource reports whether a node is an Input, a Variable or a Constant.
func (n *Node) IsSource() bool {
	switch n.Op.(type) {
	case Input, Variable, Constant:
		return true
	}
	return false
}
