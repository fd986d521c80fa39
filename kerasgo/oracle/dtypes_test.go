package oracle_test

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// exactArray is a recorded array of numbers of any type.
type exactArray struct {
	Shape  []int     `json:"shape"`
	Values []float64 `json:"values"`
}

func (a exactArray) tensor(d tensor.DType) *tensor.Tensor {
	return tensor.From(a.Values, append([]int{}, a.Shape...)...).Cast(d)
}

// dtypeCase is a model under a dtype policy; gen/dtypes.py says what is in it.
type dtypeCase struct {
	Class     string          `json:"cls"`
	Policy    string          `json:"policy"`
	Model     json.RawMessage `json:"model"`
	Weights   []exactArray    `json:"weights"`
	Inputs    []exactArray    `json:"inputs"`
	IDs       bool            `json:"ids"`
	DType     string          `json:"dtype"`
	Output    exactArray      `json:"output"`
	Training  bool            `json:"training"`
	Optimizer string          `json:"optimizer"`
	Weight    float64         `json:"weight"` // of the loss
	Losses    []float64       `json:"losses"`
	After     []exactArray    `json:"after"`
	Wrapped   string          `json:"wrapped"`
	Scalars   []float64       `json:"scalars"`
}

// policyTolerance is how far outputs may be apart, relative to the largest: a few
// units in the last place of the compute type, since Keras rounds between a layer's
// ops too.
var policyTolerance = map[string]float64{"mixed_bfloat16": 2e-2, "bfloat16": 2e-2, "mixed_float16": 3e-3, "float64": 1e-12}

// singleInKeras are the layers that Keras 3.15 on TensorFlow computes with float32
// numbers under "float64" too.
var singleInKeras = map[string]bool{"LayerNormalization": true, "GroupNormalization": true, "LeakyReLU": true, "Rescaling": true}

func (c dtypeCase) build(t *testing.T) *keras.Model {
	t.Helper()
	m, err := keras.FromJSON(string(c.Model))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	var ws []*tensor.Tensor
	for _, w := range c.Weights {
		ws = append(ws, w.tensor(tensor.Float64))
	}
	if err := m.SetWeights(ws); err != nil {
		t.Fatal(err)
	}
	return m
}

// Layers under each policy compute what Keras computes, to a few units in the last
// place of the policy's type.
func TestDTypePolicies(t *testing.T) {
	errs, equal, all := largest{}, map[string]int{}, map[string]int{}
	errs.log(t)
	for i, c := range load[dtypeCase](t, "dtypes.json.gz") {
		if c.Training {
			continue
		}
		t.Run(fmt.Sprintf("%s/%s/%d", c.Policy, c.Class, i), func(t *testing.T) {
			m := c.build(t)
			in := tensor.Float32
			if c.IDs {
				in = tensor.Int32
			}
			var xs []*tensor.Tensor
			for _, x := range c.Inputs {
				xs = append(xs, x.tensor(in))
			}
			got, err := m.PredictOnBatch(xs)
			if err != nil {
				t.Fatal(err)
			}
			want := c.Output
			if !got.Shape().Equal(want.Shape) {
				t.Fatalf("shape %v, Keras has %v", got.Shape(), want.Shape)
			}
			if wide := got.DType() == tensor.Float64; wide != (c.DType == "float64") {
				t.Errorf("the output is %v, Keras's %s", got.DType(), c.DType)
			}
			scale := 0.0
			for _, v := range want.Values {
				scale = max(scale, math.Abs(v))
			}
			for k, v := range want.Values {
				g := got.Float64At(k)
				all[c.Policy]++
				if g == v {
					equal[c.Policy]++
				}
				e := math.Abs(g-v) / max(scale, 1)
				errs.note(c.Policy+" "+c.Class, e)
				tol := policyTolerance[c.Policy]
				if c.Policy == "float64" && singleInKeras[c.Class] {
					tol = 1e-7
				}
				if !(e <= tol) {
					t.Fatalf("element %d is %v, Keras has %v", k, g, v)
				}
			}
		})
	}
	for p, n := range all {
		t.Logf("%s: %d of %d outputs are equal to the bit", p, equal[p], n)
		if p != "float64" && equal[p] < n*3/4 { // without rounding hardly any would be
			t.Errorf("%s: only %d of %d outputs are equal to Keras's", p, equal[p], n)
		}
	}
}

// Training under each policy follows Keras's losses; loss scaling counts and scales
// as Keras's.
func TestDTypeTraining(t *testing.T) {
	// Under "bfloat16" Keras rounds after every op of the update too.
	tol := map[string]float64{"mixed_bfloat16": 3e-2, "bfloat16": 0.3, "mixed_float16": 3e-2, "float64": 1e-5}
	for i, c := range load[dtypeCase](t, "dtypes.json.gz") {
		if !c.Training {
			continue
		}
		t.Run(fmt.Sprintf("%s/%s/%d", c.Policy, c.Optimizer, i), func(t *testing.T) {
			m := c.build(t)
			if err := m.Compile(keras.Compile{Optimizer: c.Optimizer, Loss: "sparse_categorical_crossentropy", LossWeights: []float64{c.Weight}}); err != nil {
				t.Fatal(err)
			}
			x, y := c.Inputs[0].tensor(tensor.Float32), c.Inputs[1].tensor(tensor.Int32)
			for k, want := range c.Losses {
				lo := k * 16 % 64
				got, err := m.TrainOnBatch(x.Slice(lo, lo+16), y.Slice(lo, lo+16))
				if err != nil {
					t.Fatal(err)
				}
				if d := math.Abs(got[0] - want); !(d <= tol[c.Policy]*max(1, want)) {
					t.Errorf("step %d: loss %v, Keras has %v", k, got[0], want)
				}
				m.ResetMetrics()
			}
			if scaled := c.Wrapped == "LossScaleOptimizer"; scaled != (c.Policy == "mixed_float16") {
				t.Fatalf("Keras trained with %s", c.Wrapped)
			} else if scaled {
				checkScale(t, m, c.Scalars)
			}
		})
	}
}

// checkScale compares the step counter, the scale and the number of steps, as they
// stand in a file, with Keras's: scalars are the outer step count, the counter, the
// scale and the inner step count.
func checkScale(t *testing.T, m *keras.Model, want []float64) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "m.weights.h5")
	if err := m.SaveWeights(path); err != nil {
		t.Fatal(err)
	}
	w, err := kerasfile.OpenWeights(path)
	if err != nil {
		t.Fatal(err)
	}
	vars := w.Group("optimizer").Vars
	for i, at := range []int{0, 2, 3, 4} {
		v, err := vars[at].Float32s()
		if err != nil {
			t.Fatal(err)
		}
		if len(v) != 1 || float64(v[0]) != want[i] {
			t.Errorf("optimizer variable %d is %v, Keras has %v", at, v, want[i])
		}
	}
}
