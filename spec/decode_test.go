package spec

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// funcs lets cmp compare functions by address.
var funcs = cmp.FilterValues(func(x, y any) bool {
	return x != nil && y != nil && reflect.TypeOf(x).Kind() == reflect.Func && reflect.TypeOf(y).Kind() == reflect.Func
}, cmp.Comparer(func(x, y any) bool { return reflect.ValueOf(x).Pointer() == reflect.ValueOf(y).Pointer() }))

func mustParse(t *testing.T, text string) *Node {
	t.Helper()
	n, es := Parse("x.yaml", []byte(text))
	if len(es) > 0 {
		t.Fatalf("%s: %v", text, es)
	}
	return n
}

func TestDecodeForms(t *testing.T) {
	glorot := GlorotUniform{}
	dense := func(units int, name string) Dense {
		return Dense{Units: units, Activation: linear, UseBias: new(true), KernelInitializer: glorot, Name: name, Trainable: new(true)}
	}
	adam := Adam{Name: "adam", LearningRate: 0.001, Beta1: new(0.9), Epsilon: new(1e-7)}
	adamLR := adam
	adamLR.LearningRate = 3e-4
	adamDecay := adam
	adamDecay.LearningRate = ExponentialDecay{0.1, 10, "ExponentialDecay"}
	conv := Conv2D{
		Filters: 4, KernelSize: [2]int{5, 5}, Strides: [2]int{1, 1}, Padding: "same", Activation: relu, UseBias: new(false), KernelInitializer: Constant{2},
		KernelRegularizer: L2{new(0.5)}, KernelConstraint: MaxNorm{2, Ints{0, 1}}, Trainable: new(true), InputShape: []int{-1, -1, 3},
	}
	for _, tt := range []struct {
		kind, text string
		want       any
	}{
		{"layer", "Dense: 3", dense(3, "")},
		{"layer", "Dense: {units: 3, name: a}", dense(3, "a")},
		{"layer", "Flatten", Flatten{}},
		{"layer", "Flatten:", Flatten{}},
		{"layer", "Flatten: {}", Flatten{}},
		{"layer", "MaxPool2D: 3", MaxPooling2D{PoolSize: [2]int{3, 3}, Strides: [2]int{3, 3}, Padding: "valid", Trainable: new(true)}},
		{"layer", "MaxPooling2D: [3, 2]", MaxPooling2D{PoolSize: [2]int{3, 2}, Strides: [2]int{3, 2}, Padding: "valid", Trainable: new(true)}},
		{"layer", "MaxPooling2D: {strides: null}", MaxPooling2D{PoolSize: [2]int{2, 2}, Strides: [2]int{2, 2}, Padding: "valid", Trainable: new(true)}},
		{"layer", "ZeroPadding2D: 0", ZeroPadding2D{Padding: &[2][2]int{}}},
		{"layer", "ZeroPadding2D", ZeroPadding2D{Padding: &[2][2]int{{1, 1}, {1, 1}}}},
		{"layer", "ZeroPadding2D: [1, 2]", ZeroPadding2D{Padding: &[2][2]int{{1, 1}, {2, 2}}}},
		{"layer", "ZeroPadding2D: [[1, 2], [3, 4]]", ZeroPadding2D{Padding: &[2][2]int{{1, 2}, {3, 4}}}},
		{"layer", "Bidirectional: {Dense: 3}", Bidirectional{Layer: dense(3, ""), MergeMode: "concat"}},
		{"layer", "Bidirectional: Flatten", Bidirectional{Layer: Flatten{}, MergeMode: "concat"}},
		{"layer", "Bidirectional: {layer: {Dense: {units: 3}}, merge_mode: null}", Bidirectional{Layer: dense(3, ""), MergeMode: "none"}},
		{"layer", "BatchNormalization: {axis: [1, 2], epsilon: 1e-5}", BatchNormalization{Axis: Ints{1, 2}, Momentum: new(0.99), Epsilon: new(1e-5)}},
		{"layer", "BatchNormalization: {axis: 3, momentum: 0}", BatchNormalization{Axis: Ints{3}, Momentum: new(0.0), Epsilon: new(1e-3)}},
		{"layer", "Dropout: {rate: 0, seed: 0, noise_shape: [null, 1]}", Dropout{Seed: new(0), NoiseShape: []int{-1, 1}}},
		{"layer", "Dropout: {rate: 0.5, seed: {class_name: SeedGenerator, config: {name: s, seed: 7}}}", Dropout{Rate: 0.5, Seed: new(7)}},
		{"layer", "InputLayer: {batch_shape: [null, 28], sparse: true}", InputLayer{BatchShape: []int{-1, 28}, Sparse: true}},
		{"layer", "InputLayer: {batch_shape: !!python/tuple [null, 2], name: !!python/unicode x}", InputLayer{BatchShape: []int{-1, 2}, Name: "x"}},
		{"layer", "Activation: swish", Activation{Activation: silu, Trainable: new(true)}},
		{"layer", `{class_name: Activation, config: {activation: {module: builtins, class_name: function, config: relu, registered_name: function}}}`, Activation{Activation: relu, Trainable: new(true)}},
		{"layer", "Conv2D: {filters: 4, kernel_size: 5, padding: same, activation: relu, use_bias: false, kernel_initializer: {Constant: 2}, " +
			"kernel_regularizer: {L2: {l2: 0.5}}, kernel_constraint: {MaxNorm: {axis: [0, 1]}}, input_shape: [null, null, 3]}", conv},
		{"layer", `{"module": "keras.layers", "class_name": "Conv2D", "registered_name": null, "build_config": {"input_shape": [null, 1, 1, 3]}, "config": {` +
			`"filters": 4, "kernel_size": {"class_name": "__tuple__", "items": [5, 5]}, "strides": [1, 1], "padding": "same", "activation": "relu", "use_bias": false, "dilation_rate": null, "groups": 1,` +
			`"kernel_initializer": {"module": "keras.initializers", "class_name": "Constant", "config": {"value": 2.0}}, "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.5}},` +
			`"kernel_constraint": {"class_name": "MaxNorm", "config": {"axis": [0, 1]}}, "batch_input_shape": [null, null, null, 3]}}`, conv},
		{"layer", `{class_name: Dense, config: {units: 3, name: d, dtype: {module: keras, class_name: DTypePolicy, config: {name: float32}}}}`,
			func() Dense { d := dense(3, "d"); d.DType = "float32"; return d }()},
		{"model", "Sequential: [Flatten, {Dense: 3}]", Sequential{Trainable: new(true), Layers: []any{Flatten{}, dense(3, "")}}},
		{"layer", "Sequential: [Flatten]", Sequential{Trainable: new(true), Layers: []any{Flatten{}}}},
		{"model", `{class_name: Sequential, config: [{class_name: Flatten, config: {}}]}`, Sequential{Trainable: new(true), Layers: []any{Flatten{}}}},
		{"optimizer", "adam", adam},
		{"optimizer", "ADAM", adam},
		{"optimizer", "Adam: 3e-4", adamLR},
		{"optimizer", "Lamb", Lamb{"lamb"}},
		{"optimizer", `{module: keras.src.backend.torch.optimizers.torch_adam, class_name: Adam, config: {learning_rate: 3e-4}, registered_name: Adam}`, adamLR},
		{"optimizer", "Adam: {learning_rate: {ExponentialDecay: {initial_learning_rate: 1e-1, decay_steps: 10}}}", adamDecay},
		{"initializer", "glorot_uniform", glorot},
		{"initializer", "GlorotUniform", glorot},
		{"loss", "mse", "mse"},
		{"loss", "mean_squared_error", "mean_squared_error"},
		{"loss", "crossentropy", "crossentropy"},
		{"loss", "MeanSquaredError:", MeanSquaredError{"mean_squared_error"}},
		{"metric", "accuracy", "accuracy"},
		{"metric", "Precision: {thresholds: [0.5, 1]}", Precision{Thresholds: []float64{0.5, 1}}},
		{"metric", "Precision: {thresholds: 1}", Precision{Thresholds: []float64{1}}},
		{"layer", "null", nil},
		{"layer", "{class_name: Dropout, config: {p: 0.5}}", Dropout{Rate: 0.5}},
		{"layer", "{class_name: Flatten, config: {data_format: channels_last}}", Flatten{}},
		{"layer", "{class_name: 'My>Flatten', config: {name: 2024-01-02}}", Flatten{Name: "2024-01-02"}},
		{"initializer", `{"class_name": "Constant", "config": {"value": Infinity}}`, Constant{math.Inf(1)}},
		{"initializer", "Constant: -.inf", Constant{math.Inf(-1)}},
		{"initializer", "Constant: 0x10", Constant{16}},
		{"initializer", "Constant: 1_000", Constant{1000}},
		{"initializer", "Constant: 1E5", Constant{1e5}},
	} {
		n := mustParse(t, tt.text)
		got, es := Decode(n, tt.kind)
		if len(es) > 0 {
			t.Errorf("%s: %v", tt.text, es)
			continue
		}
		if diff := cmp.Diff(tt.want, got, funcs); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.text, diff)
		}
	}
}

func TestDecodeStruct(t *testing.T) {
	var f Fit
	es := DecodeStruct(mustParse(t, "base: &b {epochs: 3, verbose: 0}\nfit: {<<: *b, verbose: 0, class_weight: {0: 1, 1: .5}, callbacks: [CSVLogger: x.csv], shuffle: false}").Get("fit"), &f)
	want := Fit{BatchSize: 32, Epochs: 3, Verbose: -1, Shuffle: new(false), ClassWeight: map[int]float64{0: 1, 1: 0.5}, Callbacks: []any{CSVLogger{"x.csv"}}}
	if diff := cmp.Diff(want, f); diff != "" || len(es) > 0 {
		t.Errorf("%v (-want +got)\n%s", es, diff)
	}
	var c Compile
	es = DecodeStruct(mustParse(t, "loss: {a: mse, b: {MeanSquaredError: {name: x}}}\nmetrics: [[acc], {Precision: {}}, null]\noptimizer: sgd\njit_compile: false\nloss_weights: {a: 2}"), &c)
	wantC := Compile{
		Optimizer: SGD{"SGD", 0.01}, Loss: map[string]any{"a": "mse", "b": MeanSquaredError{"x"}}, Metrics: []any{[]any{"acc"}, Precision{}, nil},
		JitCompile: false, LossWeights: map[string]float64{"a": 2},
	}
	if diff := cmp.Diff(wantC, c); diff != "" || len(es) > 0 {
		t.Errorf("%v (-want +got)\n%s", es, diff)
	}
	c = Compile{}
	if es := DecodeStruct(mustParse(t, "metrics: accuracy"), &c); len(es) > 0 || !cmp.Equal(c.Metrics, []any{"accuracy"}) {
		t.Errorf("%v %v", es, c)
	}
}

func TestComplete(t *testing.T) {
	d, err := Complete(Dense{Units: 3, Activation: "relu", KernelRegularizer: &L2{}})
	want := Dense{Units: 3, Activation: relu, UseBias: new(true), KernelInitializer: GlorotUniform{}, KernelRegularizer: L2{new(0.01)}, Trainable: new(true)}
	if diff := cmp.Diff(want, d, funcs); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	again, err := Complete(d)
	if diff := cmp.Diff(d, again, funcs); diff != "" || err != nil {
		t.Errorf("completing twice: %v (-want +got)\n%s", err, diff)
	}
	user := Dense{Units: 1}
	if _, err := Complete(user); err != nil || user.UseBias != nil {
		t.Errorf("the argument changed: %v, %v", user, err)
	}
	for want, v := range map[string]any{
		"rate 1.5 is outside [0, 1]":                       Dropout{Rate: 1.5},
		"Dense needs units":                                Dense{},
		"Conv2D needs filters and kernel_size":             Conv2D{},
		"units wants at least 1, got -1":                   Dense{Units: -1},
		`padding "x" is not one of "valid", "same"`:        MaxPooling2D{Padding: "x"},
		`activation: unknown activation "rel"`:             Dense{Units: 1, Activation: "rel"},
		"activation wants an activation, got 3":            Dense{Units: 1, Activation: 3},
		"kernel_initializer wants an initializer, got the": Dense{Units: 1, KernelInitializer: Flatten{}},
		"kernel_regularizer: l2 wants at least 0, got -1":  Dense{Units: 1, KernelRegularizer: L2{new(-1.0)}},
		"layers[1]: rate 2 is outside":                     Sequential{Layers: []any{Flatten{}, Dropout{Rate: 2}}},
		"options.threads wants at least 1, got -2":         Fit{Options: &FitOptions{Threads: -2}},
	} {
		if _, err := CompleteAny(v); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v: got %v, want %s", v, err, want)
		}
	}
	if v, err := CompleteAny(&Dropout{Rate: 0}); err != nil || !cmp.Equal(v, Dropout{}) {
		t.Errorf("rate 0: %v, %v", v, err)
	}
	if _, err := Complete(Dropout{Rate: math.NaN()}); err == nil {
		t.Error("rate NaN is accepted")
	}
}

func TestResolveString(t *testing.T) {
	for _, tt := range [][2]string{{"optimizer", "lamb"}, {"activation", "ReLU"}, {"initializer", "Glorot"}, {"layer", "dense"}, {"loss", "Mse"}} {
		if v, err := ResolveString(tt[0], tt[1]); err == nil {
			t.Errorf("%v gives %v", tt, v)
		}
	}
	if v, err := ResolveString("metric", "acc"); v != "acc" || err != nil {
		t.Errorf("acc: %v, %v", v, err)
	}
	if v, err := ResolveString("loss", "MSE"); v != (MeanSquaredError{"mean_squared_error"}) || err != nil {
		t.Errorf("MSE: %v, %v", v, err)
	}
}

func TestConfig(t *testing.T) {
	for _, tt := range []struct {
		v    any
		want string
	}{
		{Dense{Units: 3, Activation: "swish"}, `{"module": "keras.layers", "class_name": "Dense", "config": {"name": "dense", "trainable": true, "dtype": "float32", "units": 3, "activation": "silu", "use_bias": true, ` +
			`"kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name": null}, "kernel_regularizer": null}, "registered_name": null}`},
		{Dense{Units: 3, ActivityRegular: L2{}, KernelInitializer: GlorotUniform{Seed: new(3), InputAxes: []int{1}}, Name: "ü\U0001F600\n"}, `{"module": "keras.layers", "class_name": "Dense", "config": {"name": "\u00fc\ud83d\ude00\n", "trainable": true, "dtype": "float32", "units": 3, "activation": "linear", "use_bias": true, ` +
			`"kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": 3, "input_axes": [1]}, "registered_name": null}, "kernel_regularizer": null, ` +
			`"activity_regularizer": {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.01}, "registered_name": null}}, "registered_name": null}`},
		{Adam{}, `{"module": "keras.optimizers", "class_name": "Adam", "config": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "epsilon": 1e-07, "amsgrad": false}, "registered_name": null}`},
		{Bidirectional{Layer: Flatten{}, MergeMode: "none"}, `{"module": "keras.layers", "class_name": "Bidirectional", "config": {"name": "bidirectional", "layer": ` +
			`{"module": "keras.layers", "class_name": "Flatten", "config": {"name": "flatten"}, "registered_name": null}, "merge_mode": null}, "registered_name": null}`},
		{InputLayer{BatchShape: []int{-1, 28}}, `{"module": "keras.layers", "class_name": "InputLayer", "config": {"name": "input_layer", "dtype": "float32", "batch_shape": [null, 28], "sparse": false}, "registered_name": null}`},
		{Dropout{Rate: 1, NoiseShape: []int{-1, 1}}, `{"module": "keras.layers", "class_name": "Dropout", "config": {"name": "dropout", "rate": 1.0, "seed": null, "noise_shape": [null, 1]}, "registered_name": null}`},
		{BatchNormalization{Axis: Ints{1, 2}}, `{"module": "keras.layers", "class_name": "BatchNormalization", "config": {"name": "batch_normalization", "axis": [1, 2], "momentum": 0.99, "epsilon": 0.001}, "registered_name": null}`},
		{BatchNormalization{}, `{"module": "keras.layers", "class_name": "BatchNormalization", "config": {"name": "batch_normalization", "axis": -1, "momentum": 0.99, "epsilon": 0.001}, "registered_name": null}`},
		{relu, `{"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}`},
	} {
		o, err := Serialize(tt.v)
		if err != nil {
			t.Errorf("%v: %v", tt.v, err)
			continue
		}
		if diff := cmp.Diff(tt.want, string(JSON(o, 0))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestPyFloat: expected texts are Python's repr.
func TestPyFloat(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.0", 1: "1.0", 0.1: "0.1", 1e-7: "1e-07", 0.001: "0.001", 1e-4: "0.0001", 0.00001: "1e-05", 1e15: "1000000000000000.0", 1e16: "1e+16", 1.5e300: "1.5e+300",
		float64(float32(0.001)): "0.0010000000474974513", -2.5: "-2.5", math.Inf(1): "Infinity", 123456789.125: "123456789.125",
	} {
		if got := pyFloat(x); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
}
