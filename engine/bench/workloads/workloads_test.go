package workloads

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
)

// Every workload can be trained and described to real Keras, or says what kerasgo lacks.
func TestWorkloads(t *testing.T) {
	for _, w := range All() {
		t.Run(w.Name, func(t *testing.T) {
			m, err := w.Compiled()
			if errors.Is(err, ErrNotAvailable) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.ToJSON(); err != nil {
				t.Error(err)
			}
			x, y, err := w.Data(3)
			if err != nil {
				t.Fatal(err)
			}
			if testing.Short() {
				return
			}
			loss, err := m.TrainOnBatch(x, y)
			if err != nil || loss[0] <= 0 {
				t.Errorf("losses %v, %v", loss, err)
			}
		})
	}
	if _, err := Find("nothing"); err == nil {
		t.Error("unknown workload: no error")
	}
}

// Models have the sizes that the literature gives them.
func TestParameters(t *testing.T) {
	for name, want := range map[string]int{
		"cnn":  5*5*32 + 32 + 5*5*32*64 + 64 + 1024*128 + 128 + 128*10 + 10,
		"mlp":  784*512 + 512 + 512*512 + 512 + 512*10 + 10,
		"lstm": 4*128*(28+128+1) + 128*10 + 10,
		// He et al. count 0.27 million: convolutions, projections, the last layer, and four vectors for each normalization.
		"resnet20": 9*(3*16+6*16*16+16*32+5*32*32+32*64+5*64*64) + 16*32 + 32*64 + 64*10 + 10 + 4*7*(16+32+64),
		"text":     20000*64 + 2*3*64*(64+64+2) + 128 + 1,
	} {
		w, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := w.Compiled()
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Build(); err != nil {
			t.Fatal(err)
		}
		if got := m.CountParams(); got != want {
			t.Errorf("%s: %d parameters, want %d", name, got, want)
		}
	}
}

func TestData(t *testing.T) {
	x, y, err := sentences(50, 8)(20)
	if err != nil {
		t.Fatal(err)
	}
	words := x.Int32s()
	for i := range 20 {
		row := words[i*8 : i*8+8]
		end := slices.Index(row, 0)
		if end < 0 {
			end = 8
		}
		if end < 2 || slices.Max(row) > 49 || slices.ContainsFunc(row[end:], func(w int32) bool { return w != 0 }) || slices.Min(row[:end]) < 1 {
			t.Errorf("row %d: %v", i, row)
		}
	}
	again, _, _ := sentences(50, 8)(20)
	if d := cmp.Diff(words, again.Int32s()); d != "" {
		t.Errorf("the same rows differ:\n%s", d)
	}
	if ones := slices.Max(y.Float32s()); ones != 1 {
		t.Errorf("largest class %v", ones)
	}
	b, c, err := blobs(4, 4, 3)(5)
	if err != nil || !b.Shape().Equal(tensor.Shape{5, 4, 4, 3}) || !c.Shape().Equal(tensor.Shape{5, 10}) {
		t.Errorf("shapes %v, %v: %v", b.Shape(), c.Shape(), err)
	}
	if _, _, err := digits(784)(60000); err == nil {
		t.Error("more digits than there are: no error")
	}
}

func TestGrowth(t *testing.T) {
	for _, s := range Growth() {
		for i, p := range s.Points {
			if i > 0 && p.X <= s.Points[i-1].X {
				t.Errorf("%s: %d after %d", s.Name, p.X, s.Points[i-1].X)
			}
		}
	}
	// The work of a width is three multiply-adds for each weight, two in the first layer.
	p := Growth()[2].Points[0]
	m, err := p.Workload.Model()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Build(); err != nil {
		t.Fatal(err)
	}
	if got, want := math.Round(p.Work*1e6), float64(3*weights(m)-784*p.X); got != want {
		t.Errorf("work %v, want %v", got, want)
	}
}

// weights counts the elements of the kernels.
func weights(m *keras.Model) int {
	n := 0
	for _, v := range m.Weights() {
		if v.Shape().Rank() > 1 {
			n += v.Shape().Size()
		}
	}
	return n
}
