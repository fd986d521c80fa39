package keras_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

const dotHead = "digraph G {\nrankdir=TB;\nconcentrate=true;\ndpi=200;\nsplines=ortho;\nnode [shape=record];\n"

// dotNode is a node as Keras writes it, but for the id: columns, title and cells.
func dotNode(id, columns, title string, cells ...string) string {
	row := ""
	for _, c := range cells {
		row += `<td bgcolor="white"><font point-size="14">` + c + `</font></td>`
	}
	if row != "" {
		row = "<tr>" + row + "</tr>"
	}
	return `"` + id + `" [label=<<table border="0" cellborder="1" bgcolor="black" cellpadding="10"><tr><td colspan="` + columns + `" bgcolor="black">` +
		`<font point-size="16" color="white">` + title + `</font></td></tr>` + row + "</table>>, fontname=Helvetica, border=0, margin=0];\n"
}

// dotActivation adds the row of an activation to a node of one column.
func dotActivation(node, name string) string {
	return strings.Replace(node, "</table>", `<tr><td bgcolor="white" colspan="1"><font point-size="14">Activation: <b>`+name+"</b></font></td></tr></table>", 1)
}

// residual is a graph with an edge that passes rows, a shared layer and a name that
// has to be escaped.
func residual() *keras.Model {
	x := keras.InputWith(layers.InputLayer{Shape: []int{4}, Name: "x"})
	shared := keras.Share(layers.Dense{Units: 4, Name: "shared"})
	h := shared.Call(x)
	h = shared.Call(keras.Apply(layers.ReLU{Name: "a<b&c"}, h))
	return keras.NewModel(x, keras.Apply(layers.Add{Name: "sum"}, x, h)).Named("residual")
}

// nested is a Sequential within a graph.
func nested() *keras.Model {
	inner := keras.NewSequential(layers.Dense{Units: 3, InputShape: []int{4}, Name: "first"}, layers.ReLU{Name: "second"}).Named("inner")
	x := keras.InputWith(layers.InputLayer{Shape: []int{4}, Name: "x"})
	return keras.NewModel(x, keras.Apply(layers.Dense{Units: 1, Name: "head"}, keras.Apply(inner, x))).Named("outer")
}

func chain() *keras.Model {
	return keras.NewSequential(layers.Dense{Units: 3, InputShape: []int{4}, Name: "first"}, layers.ReLU{Name: "second"}).Named("chain")
}

// several has a layer with three outputs, of a type that the layer's policy names.
func several() *keras.Model {
	x := keras.InputWith(layers.InputLayer{Shape: []int{5, 4}, Name: "x"})
	lstm := keras.Apply(layers.LSTM{Units: 3, ReturnState: true, Name: "lstm", DType: "float16", Trainable: new(false)}, x)
	return keras.NewModel(x, lstm)
}

func TestDOT(t *testing.T) {
	for _, c := range []struct {
		name    string
		model   *keras.Model
		options keras.PlotOptions
		want    string
	}{
		{"Sequential", chain(), keras.PlotOptions{ShowShapes: true, ShowDType: true}, dotHead +
			dotNode("first", "3", "<b>first</b> (Dense)", "Input shape: <b>(None, 4)</b>", "Output shape: <b>(None, 3)</b>", "Output dtype: <b>float32</b>") +
			dotNode("second", "3", "<b>second</b> (ReLU)", "Input shape: <b>(None, 3)</b>", "Output shape: <b>(None, 3)</b>", "Output dtype: <b>float32</b>") +
			"\"first\" -> \"second\" [penwidth=2];\n}\n"},
		{"no names", chain(), keras.PlotOptions{HideLayerNames: true, RankDir: "LR"}, strings.Replace(dotHead, "TB", "LR", 1) +
			dotNode("first", "1", "<b>Dense</b>") + dotNode("second", "1", "<b>ReLU</b>") + "\"first\" -> \"second\" [penwidth=2];\n}\n"},
		{"graph", residual(), keras.PlotOptions{ShowShapes: true}, dotHead +
			dotNode("x", "2", "<b>x</b> (InputLayer)", "Output shape: <b>(None, 4)</b>") +
			dotNode("shared", "2", "<b>shared</b> (Dense)", "Input shape: <b>(None, 4)</b>", "Output shape: <b>(None, 4)</b>") +
			dotNode("a<b&c", "2", "<b>a&lt;b&amp;c</b> (ReLU)", "Input shape: <b>(None, 4)</b>", "Output shape: <b>(None, 4)</b>") +
			dotNode("sum", "2", "<b>sum</b> (Add)", "Input shape: <b>[(None, 4), (None, 4)]</b>", "Output shape: <b>(None, 4)</b>") +
			`"x" -> "shared" [penwidth=2];
"a<b&c" -> "shared" [penwidth=2];
"shared" -> "a<b&c" [penwidth=2];
"x" -> "sum" [penwidth=2];
"shared" -> "sum" [penwidth=2];
}
`},
		{"several outputs", several(), keras.PlotOptions{ShowDType: true, ShowTrainable: true}, dotHead +
			dotNode("x", "2", "<b>x</b> (InputLayer)", "Output dtype: <b>float32</b>") +
			strings.Replace(dotNode("lstm", "2", "<b>lstm</b> (LSTM)", "Output dtype: <b>['float16', 'float16', 'float16']</b>"), "</td></tr></table>",
				`</td><td bgcolor="firebrick"><font point-size="14" color="white"><b>Non-trainable</b></font></td></tr></table>`, 1) +
			"\"x\" -> \"lstm\" [penwidth=2];\n}\n"},
		{"activations", keras.NewSequential(layers.Dense{Units: 3, InputShape: []int{4}, Name: "first"}, layers.Activation{Activation: "relu", Name: "second"}, layers.ReLU{Name: "third"}),
			keras.PlotOptions{ShowLayerActivations: true, Splines: "curved"}, strings.Replace(dotHead, "ortho", "curved", 1) +
				dotActivation(dotNode("first", "1", "<b>first</b> (Dense)"), "linear") + dotActivation(dotNode("second", "1", "<b>second</b> (Activation)"), "relu") +
				dotNode("third", "1", "<b>third</b> (ReLU)") + "\"first\" -> \"second\" [penwidth=2];\n\"second\" -> \"third\" [penwidth=2];\n}\n"},
		{"nested", nested(), keras.PlotOptions{}, dotHead +
			dotNode("x", "1", "<b>x</b> (InputLayer)") + dotNode("inner", "1", "<b>inner</b> (Sequential)") + dotNode("head", "1", "<b>head</b> (Dense)") +
			"\"x\" -> \"inner\" [penwidth=2];\n\"inner\" -> \"head\" [penwidth=2];\n}\n"},
		{"expanded", nested(), keras.PlotOptions{ExpandNested: true}, dotHead +
			dotNode("x", "1", "<b>x</b> (InputLayer)") + dotNode("head", "1", "<b>head</b> (Dense)") +
			"subgraph \"cluster_inner\" {\nstyle=dashed;\nlabel=\"inner\";\nlabeljust=l;\n" +
			dotNode("inner/first", "1", "<b>first</b> (Dense)") + dotNode("inner/second", "1", "<b>second</b> (ReLU)") +
			"\"inner/first\" -> \"inner/second\" [penwidth=2];\n}\n" +
			"\"x\" -> \"inner/first\" [penwidth=2];\n\"inner/second\" -> \"head\" [penwidth=2];\n}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.model.DOT(c.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestSVG reads the pictures as XML: all names are in them, and an arrow for each edge.
func TestSVG(t *testing.T) {
	for _, c := range []struct {
		model  *keras.Model
		expand bool
		titles []string
		arrows int
	}{
		{chain(), false, []string{"first (Dense)", "second (ReLU)"}, 1},
		{residual(), false, []string{"x (InputLayer)", "shared (Dense)", "a<b&c (ReLU)", "sum (Add)"}, 5},
		{nested(), true, []string{"x (InputLayer)", "inner/first (Dense)", "inner/second (ReLU)", "head (Dense)"}, 3},
	} {
		for _, dir := range []string{"", "BT", "LR", "RL"} {
			svg, err := c.model.SVG(keras.PlotOptions{ShowShapes: true, ShowDType: true, ShowTrainable: true, ExpandNested: c.expand, RankDir: dir})
			if err != nil {
				t.Fatal(err)
			}
			texts, arrows := map[string]bool{}, 0
			for d := xml.NewDecoder(strings.NewReader(svg)); ; {
				token, err := d.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				switch token := token.(type) {
				case xml.CharData:
					texts[string(token)] = true
				case xml.StartElement:
					for _, a := range token.Attr {
						if a.Name.Local == "marker-end" {
							arrows++
						}
					}
				}
			}
			for _, want := range append(c.titles, "Output shape: (None, 4)", "Output dtype: float32", "Trainable") {
				if !texts[want] && (want != "Output shape: (None, 4)" || c.titles[0] == "x (InputLayer)") {
					t.Errorf("%s %s: no text %q", c.model.Name(), dir, want)
				}
			}
			if arrows != c.arrows {
				t.Errorf("%s %s: %d arrows, want %d", c.model.Name(), dir, arrows, c.arrows)
			}
		}
	}
}

// TestSVGRows checks that layers lie below what feeds them first, a layer that is
// used again among them.
func TestSVGRows(t *testing.T) {
	svg, err := residual().SVG(keras.PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	y := func(title string) (y float64) {
		before, _, ok := strings.Cut(svg, ">"+title+"<")
		if _, err := fmt.Sscanf(before[strings.LastIndex(before, ` y="`):], ` y="%f"`, &y); err != nil || !ok {
			t.Fatalf("%s: %v", title, err)
		}
		return y
	}
	x, shared, relu, sum := y("x (InputLayer)"), y("shared (Dense)"), y("a&lt;b&amp;c (ReLU)"), y("sum (Add)")
	if x >= shared || shared >= relu || shared >= sum || relu != sum {
		t.Errorf("x at %v, shared at %v, ReLU at %v, sum at %v", x, shared, relu, sum)
	}
}

// TestSVGLongEdges draws many edges that pass many rows: there is a bound to what
// they take.
func TestSVGLongEdges(t *testing.T) {
	x := keras.Input(2)
	h, n := x, 700
	for range n {
		h = keras.Apply(layers.Add{}, h, x)
	}
	svg, err := keras.NewModel(x, h).SVG(keras.PlotOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(svg, "marker-end"); got != 2*n-1 {
		t.Errorf("%d arrows, want %d", got, 2*n-1)
	}
	if len(svg) > 15e6 {
		t.Errorf("%d bytes", len(svg))
	}
}

func TestPlotErrors(t *testing.T) {
	if _, err := chain().SVG(keras.PlotOptions{RankDir: "up"}); err == nil || !strings.Contains(err.Error(), `RankDir "up"`) {
		t.Errorf("direction: %v", err)
	}
	if _, err := keras.NewSequential(layers.Dense{Units: 2}).DOT(keras.PlotOptions{}); err == nil || !strings.Contains(err.Error(), "no shapes yet") {
		t.Errorf("no shapes: %v", err)
	}
}
