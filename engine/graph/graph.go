package graph

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Shape is tensor.Shape: here every length is known.
type Shape = tensor.Shape

// Spec is what is known of a value before it is computed.
type Spec struct {
	DType tensor.DType
	Shape Shape
}

// String prints the type and the shape, such as "float32 (128, 10)".
func (s Spec) String() string { return s.DType.String() + " " + s.Shape.String() }

// Op is one kind of computation with its attributes. Implementations are small
// comparable structs (use Dims for lists), so that two equal ops on equal inputs
// are one computation.
type Op interface {
	// Infer returns the types and shapes of the outputs, or says why the inputs
	// do not fit.
	Infer(in []Spec) ([]Spec, error)
	// Gradient returns the derivative of a scalar with respect to each input,
	// given its derivatives dout with respect to each output. A zero Value in
	// dout means zero; a zero Value returned means no gradient.
	Gradient(in, out, dout []Value) []Value
	// Eval computes the outputs, which are allocated. It is the definition of
	// the op: portable loops, readable rather than fast.
	Eval(out, in []*tensor.Tensor)
}

// Node is one application of an Op in a Graph.
type Node struct {
	ID    int // place in the Graph's order; inputs come before
	Op    Op
	In    []Value
	Out   []Spec
	Scope string // path of the layer that was being traced
	graph *Graph
}

// Value is one output of a Node. It is comparable; the zero Value is "none".
type Value struct {
	Node  *Node
	Index int
}

// OK reports whether v is a value and not "none".
func (v Value) OK() bool { return v.Node != nil }

// Spec returns the type and the shape of v.
func (v Value) Spec() Spec { return v.Node.Out[v.Index] }

// Shape returns the shape of v; the caller must not change it.
func (v Value) Shape() Shape { return v.Node.Out[v.Index].Shape }

// DType returns the element type of v.
func (v Value) DType() tensor.DType { return v.Node.Out[v.Index].DType }

// Graph returns the graph that v belongs to.
func (v Value) Graph() *Graph { return v.Node.graph }

// Assign is an update of a variable that happens when the whole graph has run.
type Assign struct {
	Variable Value // an output of a Variable op
	Value    Value
}

// Graph is a computation under construction. It is not safe for concurrent use.
type Graph struct {
	Nodes   []*Node
	Assigns []Assign
	scope   []string
	err     error
	sources map[Op]Value // Input, Variable and Constant ops, each present once
}

// New returns an empty graph.
func New() *Graph { return &Graph{sources: map[Op]Value{}} }

// Err returns the first error that an op or a layer met.
func (g *Graph) Err() error { return g.err }

// Errorf records an error, prefixed by the current scope, unless there is one
// already.
func (g *Graph) Errorf(format string, args ...any) {
	if g.err != nil {
		return
	}
	err := fmt.Errorf(format, args...)
	if s := g.Scope(); s != "" {
		err = &ScopeError{Scope: s, Err: err}
	}
	g.err = err
}

// ScopeError is an error met while the layer at Scope was traced.
type ScopeError struct {
	Scope string // such as "model/conv2d_1"
	Err   error
}

func (e *ScopeError) Error() string { return e.Scope + ": " + e.Err.Error() }

// Unwrap returns the error without its place.
func (e *ScopeError) Unwrap() error { return e.Err }

// ErrShape is wrapped by errors about inputs whose shapes or types do not fit.
var ErrShape = errors.New("shape")

// Push enters the layer name; Pop leaves it.
func (g *Graph) Push(name string) { g.scope = append(g.scope, name) }

// Pop leaves the scope entered last.
func (g *Graph) Pop() { g.scope = g.scope[:len(g.scope)-1] }

// Scope returns the path of the layer being traced.
func (g *Graph) Scope() string { return strings.Join(g.scope, "/") }

// Apply adds an op and returns its outputs.
func (g *Graph) Apply(op Op, in ...Value) []Value {
	specs := make([]Spec, len(in))
	for i, v := range in {
		if !v.OK() {
			g.Errorf("%s: input %d is missing", OpName(op), i)
			return g.dummy(op, in)
		}
		if v.Node.graph != g {
			g.Errorf("%s: input %d belongs to another graph", OpName(op), i)
			return g.dummy(op, in)
		}
		specs[i] = v.Spec()
	}
	if g.err != nil {
		return g.dummy(op, in)
	}
	out, err := op.Infer(specs)
	if err != nil {
		g.Errorf("%w", err)
		return g.dummy(op, in)
	}
	return g.add(op, in, out)
}

// dummy stands in for the outputs of an op that could not be applied.
func (g *Graph) dummy(op Op, in []Value) []Value {
	spec := Spec{}
	for _, v := range in {
		if v.OK() {
			spec = v.Spec()
			break
		}
	}
	return g.add(op, nil, []Spec{spec, spec, spec, spec})
}

func (g *Graph) add(op Op, in []Value, out []Spec) []Value {
	n := &Node{ID: len(g.Nodes), Op: op, In: in, Out: out, Scope: g.Scope(), graph: g}
	g.Nodes = append(g.Nodes, n)
	vs := make([]Value, len(out))
	for i := range vs {
		vs[i] = Value{n, i}
	}
	return vs
}

// Apply1 adds an op with one output. All inputs must be of one graph, and there
// must be at least one.
func Apply1(op Op, in ...Value) Value {
	for _, v := range in {
		if v.OK() {
			return v.Node.graph.Apply(op, in...)[0]
		}
	}
	panic("graph: " + OpName(op) + " has no input; use (*Graph).Apply")
}

// Assign records that variable takes value v when the graph has run. Later
// assigns to the same variable replace earlier ones.
func (g *Graph) Assign(variable, v Value) {
	if g.err != nil {
		return
	}
	if _, ok := variable.Node.Op.(Variable); !ok {
		g.Errorf("Assign: not a variable")
		return
	}
	if !variable.Shape().Equal(v.Shape()) || variable.DType() != v.DType() {
		g.Errorf("Assign: %v does not fit into variable %v", v.Spec(), variable.Spec())
		return
	}
	for i := range g.Assigns {
		if g.Assigns[i].Variable == variable {
			g.Assigns[i].Value = v
			return
		}
	}
	g.Assigns = append(g.Assigns, Assign{variable, v})
}

// OpName returns the op's type name, such as "MatMul".
func OpName(op Op) string {
	s := fmt.Sprintf("%T", op)
	return s[strings.LastIndexByte(s, '.')+1:]
}

// String lists the nodes, one a line.
func (g *Graph) String() string {
	var b strings.Builder
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%%%d = %s%+v(", n.ID, OpName(n.Op), n.Op)
		for i, v := range n.In {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%%%d", v.Node.ID)
			if v.Index > 0 {
				fmt.Fprintf(&b, ".%d", v.Index)
			}
		}
		b.WriteString(") ->")
		for _, s := range n.Out {
			fmt.Fprintf(&b, " %v", s)
		}
		if n.Scope != "" {
			fmt.Fprintf(&b, "  # %s", n.Scope)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Insert adds a node whose outputs are known, without asking the op: compiler
// passes copy nodes with it.
func (g *Graph) Insert(op Op, in []Value, out []Spec, scope string) *Node {
	n := &Node{ID: len(g.Nodes), Op: op, In: in, Out: out, Scope: scope, graph: g}
	g.Nodes = append(g.Nodes, n)
	if n.IsSource() {
		g.sources[op] = Value{n, 0}
	}
	return n
}
