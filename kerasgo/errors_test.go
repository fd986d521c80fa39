package keras_test

import (
	"context"
	"errors"
	"io"
	"math"
	"regexp"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// TestErrors holds what is said about wrong arguments. Nothing a user can pass may
// panic; an empty message means that the call is fine, as in Keras.
func TestErrors(t *testing.T) {
	line := regexp.MustCompile(`errors_test.go:\d+`)
	try := func(name, want string, f func() error) {
		t.Run(name, func(t *testing.T) {
			got := ""
			if err := f(); err != nil {
				got = line.ReplaceAllString(err.Error(), "errors_test.go:#")
			}
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	small := func() *keras.Model {
		m := keras.NewSequential(layers.Dense{Units: 4, Activation: "relu", InputShape: []int{3}}, layers.Dense{Units: 2, Activation: "softmax"})
		if err := m.Compile(keras.Compile{Loss: "categorical_crossentropy", Optimizer: "sgd", Metrics: []any{"accuracy"}}); err != nil {
			t.Fatal(err)
		}
		return m
	}
	x, y := tensor.New(tensor.Float32, 8, 3), tensor.New(tensor.Float32, 8, 2)
	fit := func(m *keras.Model, x, y any, f keras.Fit) error {
		f.Out = io.Discard
		_, err := m.Fit(x, y, f)
		return err
	}
	add := func(l ...any) error {
		m := keras.NewSequential()
		for _, v := range l {
			m.Add(v)
		}
		return m.Compile(keras.Compile{Loss: "mse"})
	}
	in := layers.InputLayer{Shape: []int{3}}
	try("dropout 1.5", "errors_test.go:#: model.Add(layers.Dropout): rate 1.5 is outside [0, 1]", func() error { return add(layers.Dropout{Rate: 1.5}) })
	try("units 0", "errors_test.go:#: model.Add(layers.Dense): Dense needs units", func() error { return add(layers.Dense{}) })
	try("activation", `errors_test.go:#: model.Add(layers.Dense): activation: unknown activation "rleu" (did you mean "relu"?)`, func() error { return add(layers.Dense{Units: 3, Activation: "rleu"}) })
	try("activation type", "errors_test.go:#: model.Add(layers.Dense): activation wants an activation, got 5", func() error { return add(layers.Dense{Units: 3, Activation: 5}) })
	try("nil", "errors_test.go:#: model.Add(nil): nil is no layer", func() error { return add(nil) })
	try("int", "errors_test.go:#: model.Add(int): a value of type int is no layer; wanted is one such as layers.Dense{Units: 10}, or a model", func() error { return add(5) })
	try("string", "errors_test.go:#: model.Add(string): a value of type string is no layer; wanted is one such as layers.Dense{Units: 10}, or a model", func() error { return add("Dense") })
	try("nil model", "errors_test.go:#: model.Add(keras.Model): the model is nil", func() error { return add((*keras.Model)(nil)) })
	try("nil layer", "errors_test.go:#: model.Add(nil): nil is no layer", func() error { return add((*keras.Layer)(nil)) })
	try("nil symbol", "errors_test.go:#: model.Add(nil): nil is no layer", func() error { return add((*keras.Symbol)(nil)) })
	try("nil ptr dense", "errors_test.go:#: model.Add(layers.Dense): the pointer is nil", func() error { return add((*layers.Dense)(nil)) })
	try("ptr dense", "", func() error { return add(in, &layers.Dense{Units: 3}) })
	try("optimizer as layer", "errors_test.go:#: model.Add(optimizers.SGD): optimizers.SGD is no layer", func() error { return add(optimizers.SGD{}) })
	try("conv on vector", "errors_test.go:#: model.Add(layers.Conv2D): input (None, 3) has 2 axes; wanted (batch, height, width, channels)", func() error { return add(in, layers.Conv2D{Filters: 3, KernelSize: [2]int{3, 3}}) })
	try("two inputs", "errors_test.go:#: model.Add(layers.InputLayer): an input can only be the first layer", func() error { return add(in, in) })
	try("same name", `errors_test.go:#: model.Add(layers.Dense): there is a layer named "a" already; names must be unique`, func() error { return add(in, layers.Dense{Units: 3, Name: "a"}, layers.Dense{Units: 3, Name: "a"}) })
	try("kernel too large", `errors_test.go:#: model.Add(layers.Conv2D): kernel_size (5, 5) does not fit its input (None, 4, 4, 1) with padding "valid"`, func() error {
		return add(layers.InputLayer{Shape: []int{4, 4, 1}}, layers.Conv2D{Filters: 3, KernelSize: [2]int{5, 5}})
	})
	try("reshape", "errors_test.go:#: model.Add(layers.Reshape): target_shape (2, 2) does not fit its input (None, 3): 3 elements for each sample", func() error { return add(in, layers.Reshape{TargetShape: []int{2, 2}}) })
	try("concat one", "", func() error { return add(in, layers.Concatenate{}) })
	try("empty compile", "", func() error { return add() })
	try("empty build", "keras: Build: the model has no layers; Add some first", func() error { return keras.NewSequential().Build() })
	try("empty summary", "", func() error { return keras.NewSequential().SummaryWith(keras.SummaryOptions{Out: io.Discard}) })
	try("build no shape", `keras: Build: the input shape of "sequential" is not known; give it, or put InputShape into the first layer`, func() error { return keras.NewSequential(layers.Dense{Units: 3}).Build() })
	try("build empty shape", `keras: Build: the input shape of "sequential" is not known; give it, or put InputShape into the first layer`, func() error { return keras.NewSequential(layers.Dense{Units: 3}).Build([]int{}...) })
	try("build one", "keras: Build: dense: input (None,) has 1 axes; wanted (batch, ..., features)", func() error { return keras.NewSequential(layers.Dense{Units: 3}).Build(5) })
	try("build unknown last", "keras: dense: the shape of weight kernel depends on a length of the input (None, None) that is not known", func() error { return keras.NewSequential(layers.Dense{Units: 3}).Build(-1, -1) })
	try("batch normalization of a vector", "keras: batch_normalization: the shape of weight gamma depends on a length of the input (None,) that is not known", func() error { return keras.NewSequential(layers.BatchNormalization{}).Build(-1) })
	try("f1 of a vector", "keras: Fit: metric F1Score needs an output whose shape is known but for the batch axis, not (None,)", func() error {
		m := keras.NewSequential(layers.Activation{Activation: "relu"})
		if err := m.Compile(keras.Compile{Loss: "mse", Metrics: []any{"F1Score"}}); err != nil {
			return err
		}
		return fit(m, tensor.New(tensor.Float32, 4), tensor.New(tensor.Float32, 4), keras.Fit{})
	})
	try("build negative", "keras: Build: layers.InputLayer: the input shape (None, -7) has a negative length; -1 is one that is not fixed", func() error { return keras.NewSequential(layers.Dense{Units: 3}).Build(-1, -7) })
	try("build zero", "", func() error { return keras.NewSequential(layers.Dense{Units: 3}).Build(-1, 0) })
	try("input negative", "errors_test.go:#: model.Add(layers.InputLayer): the input shape (None, -5) has a negative length; -1 is one that is not fixed", func() error { return add(layers.InputLayer{Shape: []int{-5}}, layers.Dense{Units: 3}) })
	try("inputshape negative", "errors_test.go:#: model.Add(layers.Dense): the input shape (None, -5) has a negative length; -1 is one that is not fixed", func() error { return add(layers.Dense{Units: 3, InputShape: []int{-5}}) })
	try("pop empty", "keras: Pop: there is no layer to remove", func() error { return keras.NewSequential().Pop() })
	try("uncompiled fit", "keras: Fit: the model is not compiled; call Compile first", func() error { return fit(keras.NewSequential(in, layers.Dense{Units: 3}), x, y, keras.Fit{}) })
	try("empty fit", "keras: Fit: the model has no layers; Add some first", func() error {
		m := keras.NewSequential()
		if err := m.Compile(keras.Compile{Loss: "mse"}); err != nil {
			return err
		}
		return fit(m, x, y, keras.Fit{})
	})
	try("empty predict", "keras: Predict: the model has no layers; Add some first", func() error { _, err := keras.NewSequential().Predict(x, keras.Predict{}); return err })
	try("ok", "", func() error { return fit(small(), x, y, keras.Fit{}) })
	try("x nil", `keras: Fit: no data for input "input_layer"`, func() error { return fit(small(), nil, y, keras.Fit{}) })
	try("x typed nil", `keras: Fit: no data for input "input_layer"`, func() error { return fit(small(), (*tensor.Tensor)(nil), y, keras.Fit{}) })
	try("x list nil", `keras: Fit: no data for input "input_layer"`, func() error { return fit(small(), []*tensor.Tensor{nil}, y, keras.Fit{}) })
	try("y nil", `keras: Fit: output "dense_1" has a loss, but there are no targets for it`, func() error { return fit(small(), x, nil, keras.Fit{}) })
	try("x int", "keras: Fit: x is a int; wanted *tensor.Tensor, a list of them ([]*tensor.Tensor or []any) or a map by name (map[string]*tensor.Tensor or map[string]any)", func() error { return fit(small(), 5, y, keras.Fit{}) })
	try("x [][]float", "keras: Fit: x is a [][]float32; wanted *tensor.Tensor, a list of them ([]*tensor.Tensor or []any) or a map by name (map[string]*tensor.Tensor or map[string]any)", func() error { return fit(small(), [][]float32{{1}}, y, keras.Fit{}) })
	try("x zero tensor", "keras: Fit: x is a scalar; the first axis must count samples", func() error { return fit(small(), &tensor.Tensor{}, y, keras.Fit{}) })
	try("x scalar", "keras: Fit: x is a scalar; the first axis must count samples", func() error { return fit(small(), tensor.Scalar(float32(1)), y, keras.Fit{}) })
	try("x wrong width", `keras: Fit: the model's input "input_layer" wants shape (None, 3), the data has (None, 5)`, func() error { return fit(small(), tensor.New(tensor.Float32, 8, 5), y, keras.Fit{}) })
	try("x wrong rank", `keras: Fit: the model's input "input_layer" wants shape (None, 3), the data has (None, 3, 4)`, func() error { return fit(small(), tensor.New(tensor.Float32, 8, 3, 4), y, keras.Fit{}) })
	try("y wrong width", "keras: Fit: loss of dense_1: shape: CategoricalCrossentropy wants targets of shape (8, 2), got (8, 5)", func() error { return fit(small(), x, tensor.New(tensor.Float32, 8, 5), keras.Fit{}) })
	try("y rank 1", "keras: Fit: loss of dense_1: shape: CategoricalCrossentropy wants targets of shape (8, 2), got (8,)", func() error { return fit(small(), x, tensor.New(tensor.Float32, 8), keras.Fit{}) })
	try("y other length", "keras: Fit: y[0] has 7 samples, x[0] has 8; all arrays need the same number", func() error { return fit(small(), x, tensor.New(tensor.Float32, 7, 2), keras.Fit{}) })
	try("zero samples", "keras: Fit: the data has no samples", func() error {
		return fit(small(), tensor.New(tensor.Float32, 0, 3), tensor.New(tensor.Float32, 0, 2), keras.Fit{})
	})
	try("strings", "keras: Fit: x[0] holds strings; the model's input \"input_layer\" wants float32, words an input of dtype string", func() error { return fit(small(), tensor.New(tensor.String, 8, 3), y, keras.Fit{}) })
	try("string targets", "keras: Fit: y[0] holds strings; wanted are numbers", func() error { return fit(small(), x, tensor.New(tensor.String, 8, 2), keras.Fit{}) })
	try("string weights", "keras: Fit: sample_weight[0] holds strings; wanted are numbers", func() error { return fit(small(), x, y, keras.Fit{SampleWeight: tensor.New(tensor.String, 8)}) })
	try("strings predict", "keras: Predict: x[0] holds strings; the model's input \"input_layer\" wants float32, words an input of dtype string", func() error {
		_, err := small().Predict(tensor.New(tensor.String, 8, 3), keras.Predict{Out: io.Discard})
		return err
	})
	try("nan", "", func() error {
		nan := tensor.New(tensor.Float32, 8, 3)
		nan.Float32s()[3] = float32(math.NaN())
		return fit(small(), nan, y, keras.Fit{})
	})
	try("weights shape", "keras: Fit: loss of dense_1: Mul: shapes (8,) and (8, 7) do not broadcast", func() error { return fit(small(), x, y, keras.Fit{SampleWeight: tensor.New(tensor.Float32, 8, 7)}) })
	try("weights length", "keras: Fit: sample_weight[0] has 7 samples, x[0] has 8; all arrays need the same number", func() error { return fit(small(), x, y, keras.Fit{SampleWeight: tensor.New(tensor.Float32, 7)}) })
	try("batch -1", "keras: Fit: batch_size must not be negative, got -1", func() error { return fit(small(), x, y, keras.Fit{BatchSize: -1}) })
	try("epochs -1", "keras: Fit: epochs must not be negative, got -1", func() error { return fit(small(), x, y, keras.Fit{Epochs: -1}) })
	try("steps -1", "keras: Fit: steps_per_epoch must not be negative, got -1", func() error { return fit(small(), x, y, keras.Fit{StepsPerEpoch: -1}) })
	try("initial -1", "keras: Fit: initial_epoch must not be negative, got -1", func() error { return fit(small(), x, y, keras.Fit{InitialEpoch: -1}) })
	try("valbatch -1", "keras: Fit: validation_batch_size must not be negative, got -1", func() error { return fit(small(), x, y, keras.Fit{ValidationSplit: 0.5, ValidationBatchSize: -1}) })
	try("valsteps -1", "keras: Fit: validation_steps must not be negative, got -1", func() error { return fit(small(), x, y, keras.Fit{ValidationSplit: 0.5, ValidationSteps: -1}) })
	try("split 1", "keras: Fit: validation_split must be at least 0 and below 1, got 1", func() error { return fit(small(), x, y, keras.Fit{ValidationSplit: 1}) })
	try("split -1", "keras: Fit: validation_split must be at least 0 and below 1, got -1", func() error { return fit(small(), x, y, keras.Fit{ValidationSplit: -1}) })
	try("split tiny", "", func() error { return fit(small(), x, y, keras.Fit{ValidationSplit: 0.001}) })
	try("split nan", "keras: Fit: validation_split must be at least 0 and below 1, got NaN", func() error { return fit(small(), x, y, keras.Fit{ValidationSplit: math.NaN()}) })
	try("val wrong", `keras: Fit: validation data: the model's input "input_layer" wants shape (None, 3), the data has (None, 4)`, func() error {
		return fit(small(), x, y, keras.Fit{ValidationData: keras.Data{X: tensor.New(tensor.Float32, 8, 4), Y: y}})
	})
	try("val no y", `keras: Fit: validation data: output "dense_1" has a loss, but there are no targets for it`, func() error { return fit(small(), x, y, keras.Fit{ValidationData: keras.Data{X: x}}) })
	try("verbose 7", "keras: Fit: verbose must be 1, 2 or keras.Silent (0 means 1), got 7", func() error { return fit(small(), x, y, keras.Fit{Verbose: 7}) })
	try("verbose -2", "keras: Fit: verbose must be 1, 2 or keras.Silent (0 means 1), got -2", func() error { return fit(small(), x, y, keras.Fit{Verbose: -2}) })
	try("shuffle", `keras: Fit: shuffle must be true, false or "batch", got bach`, func() error { return fit(small(), x, y, keras.Fit{Shuffle: "bach"}) })
	try("shuffle nil bool", "", func() error { return fit(small(), x, y, keras.Fit{Shuffle: (*bool)(nil)}) })
	try("freq 0", "keras: Fit: validation_freq must be a positive number or a list of epochs, got 0", func() error { return fit(small(), x, y, keras.Fit{ValidationSplit: 0.5, ValidationFreq: 0}) })
	try("callback int", "keras: Fit: callbacks: int is no callback: embed callbacks.Base", func() error { return fit(small(), x, y, keras.Fit{Callbacks: []any{5}}) })
	try("callback nil", "keras: Fit: callbacks: nil is no callback", func() error { return fit(small(), x, y, keras.Fit{Callbacks: []any{nil}}) })
	try("class weight", "keras: Fit: class_weight and sample_weight cannot be given together", func() error {
		return fit(small(), x, y, keras.Fit{ClassWeight: map[int]float64{0: 1}, SampleWeight: tensor.New(tensor.Float32, 8)})
	})
	try("evaluate batch -1", "keras: Evaluate: batch_size must not be negative, got -1", func() error {
		_, err := small().Evaluate(x, y, keras.Evaluate{BatchSize: -1, Out: io.Discard})
		return err
	})
	try("evaluate steps -1", "keras: Evaluate: steps must not be negative, got -1", func() error { _, err := small().Evaluate(x, y, keras.Evaluate{Steps: -1, Out: io.Discard}); return err })
	try("predict batch -1", "keras: Predict: batch_size must not be negative, got -1", func() error { _, err := small().Predict(x, keras.Predict{BatchSize: -1, Out: io.Discard}); return err })
	try("predict zero samples", "keras: Predict: the data has no samples", func() error {
		_, err := small().Predict(tensor.New(tensor.Float32, 0, 3), keras.Predict{Out: io.Discard})
		return err
	})
	try("predict rank 1", `keras: Predict: the model's input "input_layer" wants shape (None, 3), the data has (None,)`, func() error {
		_, err := small().Predict(tensor.New(tensor.Float32, 3), keras.Predict{Out: io.Discard})
		return err
	})
	try("labels out of range", `keras: Fit: target 2 is 2, but output "dense_1" has 2 classes, numbered from 0`, func() error {
		m := small()
		if err := m.Compile(keras.Compile{Loss: "sparse_categorical_crossentropy"}); err != nil {
			return err
		}
		return fit(m, x, tensor.From([]int32{0, 1, 2, 3, 4, 5, 6, 7}), keras.Fit{})
	})
	try("embedding out of range", "keras: Fit: embedding: GatherOp: tensor: Gather: id 30 is outside the 3 rows", func() error {
		m := keras.NewSequential(layers.Embedding{InputDim: 3, OutputDim: 2}, layers.Flatten{}, layers.Dense{Units: 1})
		if err := m.Compile(keras.Compile{Loss: "mse"}); err != nil {
			return err
		}
		return fit(m, tensor.From([]int32{0, 1, 2, 30}, 2, 2), tensor.New(tensor.Float32, 2), keras.Fit{})
	})
	c := func(c keras.Compile) error {
		m := keras.NewSequential(in, layers.Dense{Units: 2})
		if err := m.Compile(c); err != nil {
			return err
		}
		return fit(m, x, y, keras.Fit{})
	}
	try("no loss", "keras: Fit: there is no loss to minimise; give Compile one", func() error { return c(keras.Compile{}) })
	try("loss name", `keras: Compile: loss: unknown loss "categorical_crossentrop" (did you mean "categorical_crossentropy"?)`, func() error { return c(keras.Compile{Loss: "categorical_crossentrop"}) })
	try("loss int", "keras: Compile: loss wants a loss, got 5", func() error { return c(keras.Compile{Loss: 5}) })
	try("loss optimizer", "keras: Compile: loss wants a loss, got the optimizer SGD", func() error { return c(keras.Compile{Loss: optimizers.SGD{}}) })
	try("loss list", "keras: Compile: loss: 2 entries for 1 outputs", func() error { return c(keras.Compile{Loss: []any{"mse", "mse"}}) })
	try("loss map", `keras: Compile: loss: there is no output "out"; the outputs are dense`, func() error { return c(keras.Compile{Loss: map[string]any{"out": "mse"}}) })
	try("optimizer name", `keras: Compile: optimizer: unknown optimizer "adm" (did you mean "adam"?)`, func() error { return c(keras.Compile{Loss: "mse", Optimizer: "adm"}) })
	try("optimizer int", "keras: Compile: optimizer wants an optimizer, got 3", func() error { return c(keras.Compile{Loss: "mse", Optimizer: 3}) })
	try("rate -1", "", func() error { return c(keras.Compile{Loss: "mse", Optimizer: optimizers.SGD{LearningRate: -1.0}}) })
	try("rate int", "", func() error { return c(keras.Compile{Loss: "mse", Optimizer: optimizers.SGD{LearningRate: 1}}) })
	try("two clips", "keras: Compile: optimizers: only one of clipnorm, clipvalue and global_clipnorm can be set", func() error {
		return c(keras.Compile{Loss: "mse", Optimizer: optimizers.SGD{ClipNorm: new(1.0), ClipValue: new(1.0)}})
	})
	try("metric name", `keras: Compile: metrics[0]: unknown metric "acuracy" (did you mean "accuracy"?)`, func() error { return c(keras.Compile{Loss: "mse", Metrics: []any{"acuracy"}}) })
	try("metric string", "", func() error { return c(keras.Compile{Loss: "mse", Metrics: "mae"}) })
	try("metric nil", "keras: Compile: metrics: an entry is nil", func() error { return c(keras.Compile{Loss: "mse", Metrics: []any{nil}}) })
	try("metric int", "keras: Compile: metrics wants a metric, got 3", func() error { return c(keras.Compile{Loss: "mse", Metrics: 3}) })
	try("metric map", "keras: Compile: metrics.o wants a metric, got 3", func() error { return c(keras.Compile{Loss: "mse", Metrics: map[string]any{"o": 3}}) })
	try("eager", "", func() error { return c(keras.Compile{Loss: "mse", RunEagerly: true}) })
	try("steps per execution -1", "keras: Compile: steps_per_execution wants at least 1, got -1", func() error { return c(keras.Compile{Loss: "mse", StepsPerExecution: -1}) })
	try("loss weights", "keras: Compile: loss_weights: a is no number", func() error { return c(keras.Compile{Loss: "mse", LossWeights: "a"}) })
	try("jit", `keras: Compile: jit_compile must be true, false or "auto", got 7`, func() error { return c(keras.Compile{Loss: "mse", JitCompile: 7}) })
	try("setweights nil", "keras: SetWeights: there are 0 weights, got 4 values", func() error { return small().SetWeights([]*tensor.Tensor{nil, nil, nil, nil}) })
	try("setweights before build", "", func() error { m := small(); return m.SetWeights(m.GetWeights()) })
	try("setweights shapes", "keras: SetWeights: weight 0 (dense/kernel) has shape (3, 4), the value has (8, 3)", func() error { m := small(); m.Build(); return m.SetWeights([]*tensor.Tensor{x, x, x, x}) })
	try("functional nil", "errors_test.go:#: keras.NewModel: the inputs or outputs are nil", func() error { return keras.NewModel(nil, nil).Compile(keras.Compile{}) })
	try("functional nil symbol", "errors_test.go:#: keras.NewModel: an input or output is not valid", func() error {
		return keras.NewModel((*keras.Symbol)(nil), (*keras.Symbol)(nil)).Compile(keras.Compile{})
	})
	try("functional none", "errors_test.go:#: keras.NewModel: a model needs at least one input and one output", func() error { return keras.NewModel(keras.List(), keras.List()).Compile(keras.Compile{}) })
	try("functional missing input", "errors_test.go:#: keras.NewModel: input (None, 3), which the outputs need, is not among the model's inputs", func() error {
		a, b := keras.Input(3), keras.Input(3)
		return keras.NewModel(a, keras.Apply(layers.Add{}, a, b)).Compile(keras.Compile{})
	})
	try("functional shapes", "errors_test.go:#: keras.Apply(layers.Add): Add: inputs of shapes (None, 3) and (None, 4) do not broadcast", func() error {
		a, b := keras.Input(3), keras.Input(4)
		return keras.NewModel(keras.List(a, b), keras.Apply(layers.Add{}, a, b)).Compile(keras.Compile{})
	})
	try("functional not input", "errors_test.go:#: keras.NewModel: an input must come from keras.Input, this one is the output of Dense", func() error {
		a := keras.Input(3)
		h := keras.Apply(layers.Dense{Units: 3}, a)
		return keras.NewModel(h, keras.Apply(layers.Dense{Units: 3}, h)).Compile(keras.Compile{})
	})
	try("functional two of one", "errors_test.go:#: keras.NewModel: input 1 is given twice", func() error {
		a := keras.Input(3)
		return keras.NewModel(keras.List(a, a), keras.Apply(layers.Dense{Units: 3}, a)).Compile(keras.Compile{})
	})
	try("functional rename", `errors_test.go:#: keras.NewModel: there is a layer named "z" already; names must be unique`, func() error {
		a := keras.Input(3)
		h := keras.Apply(layers.Dense{Units: 3, Name: "z"}, keras.Apply(layers.Dense{Units: 3, Name: "z"}, a))
		return keras.NewModel(a, h).Compile(keras.Compile{})
	})
	try("apply no input", "errors_test.go:#: keras.Apply(layers.Dense): called without an input", func() error { return keras.NewModel(keras.Input(3), keras.Apply(layers.Dense{Units: 3})).Err() })
	try("apply nil input", "errors_test.go:#: keras.Apply(layers.Dense): an input is nil", func() error { return keras.NewModel(keras.Input(3), keras.Apply(layers.Dense{Units: 3}, nil)).Err() })
	try("apply dense on two", "errors_test.go:#: keras.Apply(layers.Dense): Dense: wants 1 input, got 2", func() error {
		a := keras.Input(3)
		return keras.NewModel(a, keras.Apply(layers.Dense{Units: 3}, a, a)).Err()
	})
	try("shared, other width", "errors_test.go:#: keras.Apply(layers.Dense): the layer's weight kernel has shape (3, 3) from its first call; this input, of shape (None, 4), wants (4, 3)", func() error {
		a, b := keras.Input(3), keras.Input(4)
		d := keras.Share(layers.Dense{Units: 3})
		m := keras.NewModel(keras.List(a, b), keras.List(d.Call(a), d.Call(b)))
		if err := m.Compile(keras.Compile{Loss: "mse"}); err != nil {
			return err
		}
		return m.Build()
	})
	try("add to functional", "errors_test.go:#: model.Add(): only a Sequential can be added to", func() error {
		a := keras.Input(3)
		m := keras.NewModel(a, keras.Apply(layers.Dense{Units: 3}, a))
		m.Add(layers.Dense{Units: 3})
		return m.Err()
	})
	try("cancelled", "keras: Fit: context canceled", func() error {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		h, err := small().Fit(x, y, keras.Fit{Context: ctx, Out: io.Discard})
		if h == nil || !errors.Is(err, context.Canceled) {
			t.Errorf("no history, or not the context's error: %v, %v", h, err)
		}
		return err
	})
	try("tocategorical nil", "keras: ToCategorical: the tensor is nil", func() error { _, err := keras.ToCategorical(nil, 3); return err })
	try("tocategorical float", "keras: ToCategorical: element 0 is 1.5; class numbers are integers from 0", func() error { _, err := keras.ToCategorical(tensor.From([]float32{1.5}), 3); return err })
	try("tocategorical -1", "keras: ToCategorical: -1 classes", func() error { _, err := keras.ToCategorical(tensor.From([]int32{1}), -1); return err })
	try("tocategorical string", "keras: ToCategorical: the tensor holds strings", func() error { _, err := keras.ToCategorical(tensor.New(tensor.String, 1), 3); return err })
	try("tocategorical nan", "keras: ToCategorical: element 0 is NaN; class numbers are integers from 0", func() error { _, err := keras.ToCategorical(tensor.From([]float64{math.NaN()}), 3); return err })
	try("normalize nil", "keras: Normalize: the tensor is nil", func() error { _, err := keras.Normalize(nil, -1, 2); return err })
	try("normalize string", "keras: Normalize: the tensor holds strings", func() error { _, err := keras.Normalize(tensor.New(tensor.String, 1), -1, 2); return err })
	try("getlayer", `keras: model "sequential" has no layer "x"; its layers are [dense dense_1]`, func() error { _, err := small().GetLayer("x"); return err })
	try("lr uncompiled", "keras: the model is not compiled", func() error { return keras.NewSequential().SetLearningRate(1) })
	try("trainonbatch", `keras: TrainOnBatch: output "dense_1" has a loss, but there are no targets for it`, func() error { _, err := small().TrainOnBatch(x, nil); return err })
	try("testonbatch", `keras: TestOnBatch: no data for input "input_layer"`, func() error { _, err := small().TestOnBatch(nil, nil); return err })
	try("predictonbatch", `keras: Predict: no data for input "input_layer"`, func() error { _, err := small().PredictOnBatch(nil); return err })
	try("clone bad", "keras: CloneModel: errors_test.go:#: model.Add(int): a value of type int is no layer; wanted is one such as layers.Dense{Units: 10}, or a model", func() error { m := keras.NewSequential(); m.Add(5); _, err := keras.CloneModel(m); return err })
	try("huge", "keras: sequential/dense: weight kernel: its shape (3, 9223372036854775807) is too large", func() error { return keras.NewSequential(in, layers.Dense{Units: math.MaxInt}).Build() })
}
