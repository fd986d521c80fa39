package keras_test

import (
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func TestProfiles(t *testing.T) {
	m := keras.NewSequential(layers.Dense{Units: 3, InputShape: []int{8}})
	if err := m.Compile(keras.Compile{Loss: "mse"}); err != nil {
		t.Fatal(err)
	}
	x, y := tensor.New(tensor.Float32, 12, 8), tensor.New(tensor.Float32, 12, 3)
	fit := func() {
		t.Helper()
		if _, err := m.Fit(x, y, keras.Fit{BatchSize: 4, Verbose: keras.Silent}); err != nil {
			t.Fatal(err)
		}
	}
	fit()
	if got := m.Profiles(); len(got) != 0 {
		t.Errorf("profiles without profiling: %v", got)
	}
	m.SetProfiling(true)
	fit()
	fit()
	got := m.Profiles()
	if len(got) != 1 || got[0].Mode != "train" || got[0].Runs != 6 || got[0].Phases == 0 {
		t.Fatalf("got %+v, want one profile of 6 training steps", got)
	}
	var flops int64
	for _, s := range got[0].Steps {
		flops += s.FLOPs
	}
	if flops == 0 || got[0].Steps[0].Time == 0 {
		t.Errorf("no work: %+v", got[0].Steps)
	}
	m.SetProfiling(false)
	fit()
	if got := m.Profiles(); len(got) != 0 {
		t.Errorf("profiles after the end of profiling: %v", got)
	}
}
