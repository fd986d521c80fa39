package spec

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// classic is a model with every kind of argument.
var classic = []any{
	Conv2D{Filters: 32, KernelSize: [2]int{5, 5}, Activation: "relu", InputShape: []int{28, 28, 1}, KernelInitializer: Constant{0.5}},
	MaxPooling2D{PoolSize: [2]int{2, 2}, Strides: [2]int{2, 2}},
	Conv2D{Filters: 64, KernelSize: [2]int{3, 5}, UseBias: new(false), Name: "conv2d_1", KernelRegularizer: L2{new(1e-4)}, KernelConstraint: MaxNorm{Axis: Ints{0, 1}}},
	Conv2D{Filters: 8, KernelSize: [2]int{1, 1}, Name: "last", Padding: "same", KernelConstraint: MaxNorm{}},
	MaxPooling2D{PoolSize: [2]int{3, 3}, Name: "max_pooling2d_7"},
	Bidirectional{Layer: Dense{Units: 3}, MergeMode: "none"},
	ZeroPadding2D{Padding: &[2][2]int{{0, 0}, {1, 2}}},
	Flatten{},
	Dense{Units: 128, DType: "float32"},
	Activation{Activation: silu},
	Dropout{Rate: 0.5, Seed: new(0)},
	BatchNormalization{Momentum: new(1.0), Axis: Ints{-1}},
	Dense{Units: 10, Trainable: new(false), DType: "float16", Name: "yes"},
}

const classicYAML = `Sequential:
  - Conv2D: {filters: 32, kernel_size: [5, 5], activation: relu, kernel_initializer: {Constant: 0.5}, input_shape: [28, 28, 1]}
  - MaxPooling2D
  - Conv2D:
      filters: 64
      kernel_size: [3, 5]
      use_bias: false
      kernel_regularizer: {L2: 0.0001}
      kernel_constraint: {MaxNorm: {axis: [0, 1]}}
  - Conv2D: {filters: 8, kernel_size: [1, 1], padding: same, kernel_constraint: max_norm, name: last}
  - MaxPooling2D: {pool_size: [3, 3], name: max_pooling2d_7}
  - Bidirectional: {layer: {Dense: 3}, merge_mode: null}
  - ZeroPadding2D: [[0, 0], [1, 2]]
  - Flatten
  - Dense: 128
  - Activation: silu
  - Dropout: {rate: 0.5, seed: 0}
  - BatchNormalization: {momentum: 1.0}
  - Dense: {units: 10, name: "yes", trainable: false, dtype: float16}
`

func TestShortYAML(t *testing.T) {
	short, err := Short(Sequential{Layers: classic}, false)
	if err != nil {
		t.Fatal(err)
	}
	text := YAML(short)
	if diff := cmp.Diff(classicYAML, string(text)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// What was written reads back as the same model, in the short and in the full form.
	want, err := Complete(Sequential{Layers: classic})
	if err != nil {
		t.Fatal(err)
	}
	for _, full := range []bool{false, true} {
		short, err := Short(want, full)
		if err != nil {
			t.Fatal(err)
		}
		got, es := Decode(mustParse(t, string(YAML(short))), "model")
		if len(es) > 0 {
			t.Fatalf("%v in\n%s", es, YAML(short))
		}
		again, err := Short(got, false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(classicYAML, string(YAML(again))); diff != "" {
			t.Errorf("full=%v (-want +got)\n%s", full, diff)
		}
	}
}

// TestJSONRoundTrip: json → struct → yaml → struct → json is the identity on a configuration with automatic and given names.
func TestJSONRoundTrip(t *testing.T) {
	for _, text := range []string{
		`{"module": "keras", "class_name": "Sequential", "config": {"name": "sequential", "trainable": true, "dtype": "float32", "layers": [` +
			`{"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "in", "dtype": "float32", "batch_shape": [null, 4], "sparse": false}, "registered_name": null}, ` +
			`{"module": "keras.layers", "class_name": "Dense", "config": {"name": "a", "trainable": false, "dtype": "float32", "units": 3, "activation": "relu", "use_bias": true, ` +
			`"kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name": null}, ` +
			`"kernel_regularizer": {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.01}, "registered_name": null}}, "registered_name": null}]}, "registered_name": null}`,
	} {
		v, es := Decode(mustParse(t, text), "model")
		if len(es) > 0 {
			t.Fatal(es)
		}
		for _, full := range []bool{false, true} {
			short, err := Short(v, full)
			if err != nil {
				t.Fatal(err)
			}
			back, es := Decode(mustParse(t, string(YAML(short))), "model")
			if len(es) > 0 {
				t.Fatal(es)
			}
			o, err := Serialize(back)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(text, string(JSON(o, 0))); diff != "" {
				t.Errorf("full=%v (-want +got)\n%s\n%s", full, diff, YAML(short))
			}
		}
	}
}

func TestShortInput(t *testing.T) {
	for _, tt := range []struct {
		layers []any
		want   string
	}{
		{[]any{InputLayer{BatchShape: []int{-1, 4}}, Dense{Units: 3}}, "- Dense: {units: 3, input_shape: [4]}\n"},
		{[]any{InputLayer{BatchShape: []int{-1, -1, 4}, Name: "input_layer"}, MaxPooling2D{}}, "- MaxPooling2D: {input_shape: [null, 4]}\n"},
		{[]any{InputLayer{BatchShape: []int{8, 4}}, Dense{Units: 3}}, "- InputLayer: {batch_shape: [8, 4]}\n- Dense: 3\n"},
		{[]any{InputLayer{BatchShape: []int{-1, 4}, Name: "x"}, Dense{Units: 3}}, "- InputLayer: {batch_shape: [null, 4], name: x}\n- Dense: 3\n"},
		{[]any{InputLayer{BatchShape: []int{-1, 4}}, Flatten{}}, "- InputLayer: {batch_shape: [null, 4]}\n- Flatten\n"},
		{[]any{InputLayer{BatchShape: []int{-1, 4}}}, "- InputLayer: {batch_shape: [null, 4]}\n"},
	} {
		short, err := Short(tt.layers, false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, string(YAML(short))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

func TestShortStruct(t *testing.T) {
	o, err := ShortStruct(Fit{Epochs: 10, Verbose: -1, ClassWeight: map[int]float64{1: 2, 0: 0.5}, Callbacks: []any{CSVLogger{"a b.csv"}, EarlyStopping{Patience: 3}}}, false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ShortStruct(Compile{Optimizer: Adam{LearningRate: 3e-4}, Loss: "mse", Metrics: []any{"accuracy", Precision{}}}, false)
	if err != nil {
		t.Fatal(err)
	}
	want := `compile:
  optimizer: {Adam: 0.0003}
  loss: mse
  metrics: [accuracy, precision]
fit:
  epochs: 10
  verbose: 0
  class_weight: {0: 0.5, 1: 2.0}
  callbacks:
    - CSVLogger: a b.csv
    - EarlyStopping: {patience: 3}
`
	if diff := cmp.Diff(want, string(YAML(NewObject("compile", c, "fit", o)))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestYAMLScalars: what is printed is read back as the same value.
func TestYAMLScalars(t *testing.T) {
	for _, v := range []any{
		"", "a", "yes", "null", "~", "1", "1e5", "0x1", "0o7", "-", "a: b", "a #b", " a", "a ", "[", "größe", "\n", "\t\x00\x7f", "\u2028", "\ufeff", "😀", "'", `"\`, "2024-01-02", "<<", "=", ".", "..", "-1",
		".5", ".nan", "1:30", "1_000", "a,b", "!x", "&x", "*x", "%x", "@x", "`x", "true", "None", "+", "._5",
		true, 3, -4, 0.1, 1e-7, 1e300, math.Inf(1), math.Inf(-1), 1.0, nil, []any{}, []any{1, []any{"x"}},
	} {
		text := YAML(NewObject("k", v, "l", []any{v}))
		n, es := Parse("x", text)
		if len(es) > 0 {
			t.Errorf("%#v: %v in %s", v, es, text)
			continue
		}
		if diff := cmp.Diff(v, n.Get("k").Plain()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
		if diff := cmp.Diff([]any{v}, n.Get("l").Plain()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

func TestSource(t *testing.T) {
	src, err := GoSource(classic)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/source.go.want", string(src))
	src, err = PythonSource(classic)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/source.py.want", string(src))
	const want = "keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(initial_learning_rate=0.1, decay_steps=10))"
	if got, err := PythonLiteral(Adam{LearningRate: ExponentialDecay{0.1, 10, ""}}); got != want || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}
