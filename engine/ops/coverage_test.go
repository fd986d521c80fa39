package ops_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// sources parses the package's files without tests.
func sources(t *testing.T) []*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// TestEveryOpHasACase finds the op types, those with an Eval method, in the
// sources and wants each in the graph of a case that some test evaluates.
func TestEveryOpHasACase(t *testing.T) {
	seen := map[string]bool{}
	mark := func(g *graph.Graph) {
		for _, n := range g.Nodes {
			seen[graph.OpName(n.Op)] = true
		}
	}
	for _, c := range goldens() {
		g, _, _, _ := c.build(t, c.inputs(false))
		mark(g)
	}
	for _, c := range append(slices.Clone(seconds), matrixCases...) {
		g := graph.New()
		vs, _ := feed(g, c.in)
		graph.Gradients(ops.Sum(c.f(vs), nil, false), vs)
		mark(g)
	}
	g := graph.New()
	ops.RandomUniform(g, []int{3}, ops.Stream{ID: rng.Hash("a")}) // TestRandom…
	ops.RandomNormal(g, []int{3}, ops.Stream{ID: rng.Hash("a")})
	ops.RandomLogGamma(g.Scalar(tensor.Float32, 1), []int{3}, ops.Stream{ID: rng.Hash("a")})
	ops.Call(upper, g.Input("words", graph.Spec{DType: tensor.String, Shape: tensor.Shape{3}})) // TestFunc
	ops.LU(ops.Const(g, filled(2, 2)))                                                          // TestLU, TestWhole
	ops.Whole(ops.WholeAnd, g.Scalar(tensor.Int32, 1), g.Scalar(tensor.Int32, 1))
	mark(g)
	types := 0
	for _, f := range sources(t) {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || fn.Name.Name != "Eval" {
				continue
			}
			types++
			if name := fn.Recv.List[0].Type.(*ast.Ident).Name; !seen[name] {
				t.Errorf("no case has a %s", name)
			}
		}
	}
	if types < 30 {
		t.Errorf("found %d op types only: is the test looking at the sources?", types)
	}
}

// TestEveryKindHasACase wants every kind of the elementwise and reducing families
// among the recorded cases.
func TestEveryKindHasACase(t *testing.T) {
	recorded := map[string]bool{}
	for _, c := range goldens() {
		recorded[c.Op] = true
	}
	var names []string
	for k := ops.UnaryKind(0); k.String() != "Unary?"; k++ {
		names = append(names, k.String())
	}
	for k := ops.BinaryKind(0); k.String() != "Binary?"; k++ {
		names = append(names, k.String())
	}
	for k := ops.ReduceKind(0); k.String() != "Reduce?"; k++ {
		names = append(names, k.String())
	}
	for _, name := range names {
		if !recorded[name] {
			t.Errorf("no recorded case of %s", name)
		}
	}
	if len(names) < 40 {
		t.Errorf("found %d kinds only", len(names))
	}
}
