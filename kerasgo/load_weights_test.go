package keras_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Weights of a network with another top: of the .weights.h5 and the legacy .h5 file only
// what fits is loaded, and the rest is named.
func TestLoadWeightsWith(t *testing.T) {
	t.Parallel()
	network := func(classes int, names ...string) *keras.Model {
		m := keras.NewSequential(
			layers.Dense{Units: 4, Name: names[0], InputShape: []int{3}, BiasInitializer: "ones"},
			layers.BatchNormalization{Name: names[1]},
			layers.Dense{Units: classes, Name: names[2], BiasInitializer: "ones"})
		keras.Check(m.Build())
		return m
	}
	source := network(2, "a", "b", "c")
	for _, v := range source.Weights() {
		x := v.Value()
		for i := range x.Size() {
			x.SetFloat64At(i, 7)
		}
		keras.Check(v.Assign(x))
	}
	dir := t.TempDir()
	modern, legacy := filepath.Join(dir, "m.weights.h5"), filepath.Join(dir, "m.h5")
	keras.Check(source.SaveWeights(modern))
	keras.Check(source.Save(legacy))
	other, old := network(5, "a", "b", "c"), network(2, "a", "b", "c")
	all := []string{"kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance"}
	for _, tt := range []struct {
		name    string
		path    string
		model   *keras.Model
		options keras.LoadWeightsOptions
		loaded  []string // "" for all of a layer
		warned  int
		err     string
	}{
		{"same", modern, network(2, "a", "b", "c"), keras.LoadWeightsOptions{}, []string{"a", "b", "c"}, 0, ""},
		{"other classes", modern, network(5, "a", "b", "c"), keras.LoadWeightsOptions{}, nil, 0, "weight c/kernel has shape (4, 5) in the model and (4, 2) in the file"},
		{"skipped", modern, network(5, "a", "b", "c"), keras.LoadWeightsOptions{SkipMismatch: true}, []string{"a", "b"}, 1, ""},
		{"left as they are", modern, other, keras.LoadWeightsOptions{Skip: other.Layers()[1:]}, []string{"a"}, 0, ""},
		{"legacy, left as they are", legacy, old, keras.LoadWeightsOptions{Skip: old.Layers()[:1]}, []string{"b", "c"}, 0, ""},
		{"legacy", legacy, network(2, "x", "y", "z"), keras.LoadWeightsOptions{}, []string{"x", "y", "z"}, 0, ""},
		{"legacy, other classes", legacy, network(5, "x", "y", "z"), keras.LoadWeightsOptions{}, nil, 0, "weight z/kernel"},
		{"legacy, skipped", legacy, network(5, "x", "y", "z"), keras.LoadWeightsOptions{SkipMismatch: true}, []string{"x", "y"}, 2, ""},
		{"by name", legacy, network(5, "a", "y", "z"), keras.LoadWeightsOptions{ByName: true}, []string{"a"}, 0, ""},
		{"by name, other classes", legacy, network(5, "a", "y", "c"), keras.LoadWeightsOptions{ByName: true}, nil, 0, "weight c/kernel"},
		{"by name, skipped", legacy, network(5, "a", "y", "c"), keras.LoadWeightsOptions{ByName: true, SkipMismatch: true}, []string{"a"}, 2, ""},
		{"by name, another class", legacy, network(2, "b", "a", "c"), keras.LoadWeightsOptions{ByName: true}, nil, 0, `layer "a" has 4 weights, the file has 2`},
		{"by name, another class, skipped", legacy, network(2, "b", "a", "c"), keras.LoadWeightsOptions{ByName: true, SkipMismatch: true}, []string{"c"}, 2, ""},
		{"by name, not legacy", modern, network(2, "a", "b", "c"), keras.LoadWeightsOptions{ByName: true}, nil, 0, "only legacy .h5 files are read by name"},
	} {
		var warned []string
		tt.options.Warn = func(msg string) { warned = append(warned, msg) }
		err := tt.model.LoadWeightsWith(tt.path, tt.options)
		if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: error %v; wanted %q", tt.name, err, tt.err)
		}
		if len(warned) != tt.warned {
			t.Errorf("%s: warned %q; wanted %d warnings", tt.name, warned, tt.warned)
		}
		var loaded []string
		for _, v := range tt.model.Weights() {
			layer, weight, _ := strings.Cut(v.Path(), "/")
			if !slices.Contains(all, weight) {
				t.Fatal(v.Path())
			}
			if v.Value().Float64At(0) == 7 && !slices.Contains(loaded, layer) {
				loaded = append(loaded, layer)
			}
			if got := v.Value().Float64At(0) == 7; got != slices.Contains(tt.loaded, layer) {
				t.Errorf("%s: %s loaded: %v", tt.name, v.Path(), got)
			}
		}
		if diff := cmp.Diff(tt.loaded, loaded); diff != "" {
			t.Errorf("%s: loaded (-want +got):\n%s", tt.name, diff)
		}
	}
}
