package keras

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/hdf5"
	"github.com/kerasgo/kerasgo/io/kerasfile"
)

// oldFiles unpacks models of Keras 1 and 2 written by others; see testdata/dl4j/README.md.
func oldFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	unzip(t, "testdata/dl4j/dl4j.zip", dir)
	return dir
}

// datasets reads all arrays of a group.
func datasets(t *testing.T, f *hdf5.File, group string) []*tensor.Tensor {
	t.Helper()
	g, err := f.Root().Group(group)
	if err != nil {
		t.Fatal(err)
	}
	list, err := g.Datasets()
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(list, func(a, b *hdf5.Dataset) int { return strings.Compare(a.Name(), b.Name()) })
	var out []*tensor.Tensor
	for _, d := range list {
		v, err := d.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, tensor.From(v, d.Shape()...))
	}
	return out
}

// TestOldPredictions: models of Keras 1 and 2 predict what the Keras of their time predicted.
func TestOldPredictions(t *testing.T) {
	dir := oldFiles(t)
	models, _ := filepath.Glob(filepath.Join(dir, "*_model.h5"))
	if len(models) < 5 {
		t.Fatal(models)
	}
	for _, path := range models {
		t.Run(filepath.Base(path), func(t *testing.T) {
			m, err := LoadModelWith(path, LoadOptions{NoCompile: true})
			if err != nil {
				t.Fatal(err)
			}
			f, err := hdf5.Open(strings.Replace(path, "_model.h5", "_inputs_and_outputs.h5", 1))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var w worst
			w.arrays(t, "prediction", recordArrays(predictAll(t, m, datasets(t, f, "inputs"))), recordArrays(datasets(t, f, "predictions")))
			if w.diff > 1e-5 {
				t.Errorf("predictions differ by %.2g", w.diff)
			}
			t.Logf("largest difference %.2g", w.diff)
		})
	}
}

// TestOldOptimizers goes on with what Keras 2 trained, with each optimizer's state from the .h5 file: the losses of 20 more steps are those that
// Keras 2 had itself. testdata/exchange/record_keras2.py wrote the files.
func TestOldOptimizers(t *testing.T) {
	dir := t.TempDir()
	unzip(t, "testdata/keras2/2.21.0.zip", dir)
	records, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(records) < 15 {
		t.Fatal(records)
	}
	for _, path := range records {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			r := readRecording(t, path)
			m := load(t, strings.TrimSuffix(path, ".json")+".h5")
			var d differences
			d.predict.arrays(t, "predictions", recordArrays(predictAll(t, m, tensorsOf(r.X))), r.Predict)
			for i, l := range trainSteps(t, m, r, len(r.Losses)) {
				d.losses.see("step", l, r.Losses[i])
			}
			if strings.HasPrefix(filepath.Base(path), "old_rmsprop") && d.losses.diff < 5e-4 {
				d.losses.diff = 0 // it adds epsilon to the root, Keras 3 under it
			}
			d.check(t)
			t.Logf("losses differ by %.2g", d.losses.diff)
			if _, err := FromJSON(r.JSON); err != nil {
				t.Errorf("to_json: %v", err)
			}
		})
	}
}

// TestOldNames: models of Keras 1 and 2 are read, or refused for what they hold that has no counterpart.
func TestOldNames(t *testing.T) {
	dir := oldFiles(t)
	for name, want := range map[string]string{
		"mnist_cnn_tf_keras_1_config.json":            "",
		"mnist_mlp_constraint_tf_keras_1_config.json": "",
		"mlp_fapi_multiloss_config.json":              "",
		"model_2_2_4.json":                            "",
		"simple_add_tf_keras_2.json":                  "",
		"batch_to_conv2d_theano_1.h5":                 "",
		"bidirectional_lstm_tensorflow_1.h5":          "",
		"embedding_conv1d_tensorflow_1.h5":            "",
		"space_to_depth_simple_tensorflow_2.h5":       "a Lambda layer holds Python code, which is never run",
	} {
		m, err := LoadModelWith(filepath.Join(dir, name), LoadOptions{Warn: func(s string) { t.Errorf("%s: %s", name, s) }})
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && (err == nil || m != nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}

// TestOldKernels: one convolution, saved by Keras 1 and 2 on TensorFlow and on Theano, is the same function of the image.
func TestOldKernels(t *testing.T) {
	kernel := tensor.From([]float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 2, 2, 1, 3) // (h, w, in, out)
	theano := make([]float32, 12)                                                      // (out, in, h, w), turned
	for h := range 2 {
		for w := range 2 {
			for o := range 3 {
				theano[o*4+(1-h)*2+(1-w)] = kernel.Float32s()[(h*2+w)*3+o]
			}
		}
	}
	turned := slices.Concat(kernel.Float32s()[9:], kernel.Float32s()[6:9], kernel.Float32s()[3:6], kernel.Float32s()[:3])
	for _, c := range []struct {
		backend string
		shape   []int
		data    []float32
	}{
		{"tensorflow", []int{2, 2, 1, 3}, kernel.Float32s()},
		{"theano", []int{2, 2, 1, 3}, turned},
		{"theano", []int{3, 1, 2, 2}, theano},
		{"", []int{3, 1, 2, 2}, theano},
		{"", []int{2, 2, 1, 3}, kernel.Float32s()},
	} {
		got, err := modernKernel(kerasfile.Float32s("W", c.shape, c.data), kernel.Shape(), c.backend)
		if err != nil {
			t.Fatal(err)
		}
		data, _ := got.Float32s()
		if !slices.Equal(data, kernel.Float32s()) {
			t.Errorf("%q %v: got %v", c.backend, c.shape, data)
		}
	}
}
