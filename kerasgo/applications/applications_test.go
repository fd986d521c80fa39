package applications_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func TestErrors(t *testing.T) {
	t.Setenv("KERAS_HOME", t.TempDir())
	file := filepath.Join(t.TempDir(), "w.h5")
	if err := os.WriteFile(file, []byte("no weights"), 0o666); err != nil {
		t.Fatal(err)
	}
	flat := keras.Input(4)
	for _, tt := range []struct {
		model applications.Application
		want  string
	}{
		{applications.VGG16{Weights: "imagenet", Classes: 10}, "is for 1000 classes, not 10"},
		{applications.VGG16{Weights: "imagenet"}, "vgg16_weights_tf_dim_ordering_tf_kernels.h5 is not there, and nothing is downloaded"},
		{applications.ResNet50{Weights: "imagenet", IncludeTop: new(false)}, "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5 is not there"},
		{applications.MobileNet{Weights: "imagenet", Alpha: 0.25}, "mobilenet_2_5_224_tf.h5 is not there"},
		{applications.MobileNet{Weights: "imagenet", Alpha: 0.5, InputShape: []int{128, 128, 3}, IncludeTop: new(false)}, "mobilenet_5_0_128_tf_no_top.h5 is not there"},
		{applications.MobileNet{Weights: "imagenet", Alpha: 0.3}, "imagenet weights for alpha 0.25, 0.5, 0.75 and 1"},
		{applications.MobileNetV2{Weights: "imagenet"}, "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5 is not there"},
		{applications.MobileNetV2{Weights: "imagenet", Alpha: 0.35, InputShape: []int{96, 96, 3}}, "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96.h5 is not there"},
		{applications.NASNetLarge{Weights: "imagenet"}, "nasnet_large.h5 is not there"},
		{applications.Xception{Weights: "nowhere.h5"}, "nowhere.h5"},
		{applications.Xception{Weights: file}, "Xception"},
		{applications.Xception{Weights: file, ClassifierActivation: "relu"}, "classifier_activation must be softmax or linear"},
		{applications.Xception{InputShape: []int{70, 71, 3}}, "at least 71"},
		{applications.Xception{InputShape: []int{100, 100}}, "wanted height, width and channels"},
		{applications.Xception{InputShape: []int{-1, 100, 3}}, "height and width must be known"},
		{applications.DenseNet121{Pooling: "min"}, "pooling"},
		{applications.DenseNet121{Classes: -1}, "classes"},
		{applications.InceptionV3{Weights: "imagenet", InputShape: []int{100, 100, 3}}, "must be [299 299 3]"},
		{applications.InceptionV3{Weights: "imagenet", IncludeTop: new(false), InputShape: []int{100, 100, 1}}, "has 1 channels"},
		{applications.MobileNetV2{InputTensor: flat}, "input_tensor has shape"},
		{applications.VGG19{ClassifierActivation: "no function"}, "no function"},
	} {
		m, err := tt.model.Model()
		if err == nil || m != nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%T: %v; wanted %q", tt.model, err, tt.want)
		}
	}
	if _, err := (applications.VGG16{Weights: "imagenet"}).Model(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is no fs.ErrNotExist", err)
	}
}

// Weights come from a file of any format or, as imagenet, from the cache.
func TestWeights(t *testing.T) {
	home := t.TempDir()
	t.Setenv("KERAS_HOME", home)
	args := applications.MobileNet{Alpha: 0.25, InputShape: []int{128, 128, 3}, IncludeTop: new(false), Pooling: "avg"}
	source := keras.Must(args.Model())
	images := tensor.New(tensor.Float32, 1, 128, 128, 3)
	for i := range images.Size() {
		images.SetFloat64At(i, float64(i%7)/7)
	}
	want := keras.Must(source.PredictOnBatch(images))
	cache := filepath.Join(home, "models", "mobilenet_2_5_128_tf_no_top.h5")
	if err := os.Mkdir(filepath.Dir(cache), 0o777); err != nil {
		t.Fatal(err)
	}
	modern, archive := filepath.Join(home, "m.weights.h5"), filepath.Join(home, "m.keras")
	keras.Check(source.Save(cache))
	keras.Check(source.Save(archive))
	keras.Check(source.SaveWeights(modern))
	for _, weights := range []string{"imagenet", cache, modern, archive} {
		args.Weights = weights
		got := keras.Must(keras.Must(args.Model()).PredictOnBatch(images))
		if diff := cmp.Diff(want.Float32s(), got.Float32s()); diff != "" {
			t.Errorf("%s (-saved +loaded):\n%s", weights, diff)
		}
	}
}

// A network is a layer: frozen, with a head of its own, in a Sequential and in a graph.
func TestAsLayer(t *testing.T) {
	t.Parallel()
	base := applications.MobileNetV2{Alpha: 0.35, InputShape: []int{32, 32, 3}, IncludeTop: new(false), Pooling: "avg", Trainable: new(false)}
	chain := keras.NewSequential(base, layers.Dense{Units: 2})
	x := keras.Input(32, 32, 3)
	functional := keras.NewModel(x, keras.Apply(layers.Dense{Units: 2}, keras.Apply(base, x)))
	base.InputTensor = keras.Apply(layers.Rescaling{Scale: 1.0 / 127.5, Offset: -1.0}, x)
	inner := keras.Must(base.Model())
	if first := inner.Layers()[1]; first.Class() != "Rescaling" {
		t.Errorf("the network on a tensor begins with %s", first.Class())
	}
	for _, m := range []*keras.Model{chain, functional} {
		keras.Check(m.Build())
		trainable := 0
		for _, v := range m.Weights() {
			if v.Trainable() {
				trainable += v.Shape().Size()
			}
		}
		if want := 1280*2 + 2; trainable != want {
			t.Errorf("%d weights are trained; wanted %d", trainable, want)
		}
	}
	wrong := keras.NewSequential(applications.MobileNetV2{InputShape: []int{16, 16, 3}})
	if err := wrong.Err(); err == nil || !strings.Contains(err.Error(), "at least 32") {
		t.Errorf("a network that can't be built was added: %v", err)
	}
}

func TestDecodePredictions(t *testing.T) {
	home := t.TempDir()
	t.Setenv("KERAS_HOME", home)
	scores := tensor.New(tensor.Float32, 2, 1000)
	for i := range 1000 {
		scores.SetFloat64At(i, float64(i*7919%1000))
		scores.SetFloat64At(1000+i, -float64(i))
	}
	if _, err := applications.DecodePredictions(scores, 3); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "imagenet_class_index.json") {
		t.Errorf("without a list of classes: %v", err)
	}
	index := map[string][]string{}
	for i := range 1000 {
		index[fmt.Sprint(i)] = []string{fmt.Sprintf("n%d", i), fmt.Sprintf("thing_%d", i)}
	}
	text, err := json.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "models", "imagenet_class_index.json")
	if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o777), os.WriteFile(path, text, 0o666)); err != nil {
		t.Fatal(err)
	}
	got, err := applications.DecodePredictions(scores, 2)
	if err != nil {
		t.Fatal(err)
	}
	// 7919·321 = 999 and 7919·642 = 998 modulo 1000
	want := [][]applications.Prediction{
		{{ID: "n321", Name: "thing_321", Score: 999}, {ID: "n642", Name: "thing_642", Score: 998}},
		{{ID: "n0", Name: "thing_0", Score: 0}, {ID: "n1", Name: "thing_1", Score: -1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range []*tensor.Tensor{nil, tensor.New(tensor.Float32, 1000), tensor.New(tensor.Float32, 1, 10)} {
		if _, err := applications.DecodePredictions(bad, 2); err == nil {
			t.Errorf("scores %v were decoded", bad)
		}
	}
	if _, err := applications.DecodePredictions(scores, -1); err == nil {
		t.Error("top -1")
	}
}

func TestPreprocessInputErrors(t *testing.T) {
	for _, images := range []*tensor.Tensor{nil, tensor.New(tensor.Float32, 2, 3), tensor.New(tensor.Float32, 1, 2, 2, 1)} {
		if _, err := (applications.VGG16{}).PreprocessInput(images); err == nil {
			t.Errorf("images %v", images)
		}
	}
	if _, err := applications.PreprocessInput(tensor.New(tensor.Float32, 2, 2, 3), "onnx"); err == nil || !strings.Contains(err.Error(), "caffe, tf or torch") {
		t.Errorf("mode onnx: %v", err)
	}
}

// A list of classes from anywhere is read or refused.
func FuzzReadClassIndex(f *testing.F) {
	f.Add([]byte(`{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}`))
	f.Add([]byte(`{"1": ["a", "b"]}`))
	f.Add([]byte(`{"0": []}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "index.json")
		if err := os.WriteFile(path, text, 0o666); err != nil {
			t.Fatal(err)
		}
		classes, err := applications.ReadClassIndex(path)
		if err != nil {
			return
		}
		scores := tensor.New(tensor.Float32, 1, len(classes))
		if out, err := applications.DecodeWith(classes, scores, 3); err != nil || len(out[0]) > 3 {
			t.Errorf("%v %v", out, err)
		}
	})
}
