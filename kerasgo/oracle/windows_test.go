package oracle_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
)

type windowCase struct {
	What       string
	N, Targets int
	Refused    bool
	Args       struct {
		SequenceLength int  `json:"sequence_length"`
		SequenceStride int  `json:"sequence_stride"`
		SamplingRate   int  `json:"sampling_rate"`
		BatchSize      int  `json:"batch_size"`
		StartIndex     int  `json:"start_index"`
		EndIndex       *int `json:"end_index"`
		Shuffle        bool
		Seed           *int
		Left           any `json:"left_size"`
		Right          any `json:"right_size"`
	}
	Batches [][]struct {
		Shape  []int
		Values []float32
	}
	Starts      []int
	Left, Right []float32
}

// count makes a tensor of 0, 1, 2, … times a factor.
func count(factor float32, shape ...int) *tensor.Tensor {
	t := tensor.New(tensor.Float32, shape...)
	for i := range t.Float32s() {
		t.Float32s()[i] = factor * float32(i)
	}
	return t
}

// TestWindows holds TimeseriesDatasetFromArray and SplitDataset against Keras.
func TestWindows(t *testing.T) {
	seen := map[string]int{}
	for i, c := range loadCases[windowCase](t, "windows") {
		seen[c.What]++
		t.Run(fmt.Sprintf("%d/%s", i, c.What), func(t *testing.T) {
			if c.What == "split" {
				c.split(t)
			} else {
				c.windows(t)
			}
		})
	}
	if seen["timeseries"] < 20 || seen["shuffled"] < 3 || seen["split"] < 20 {
		t.Errorf("cases: %v", seen)
	}
}

func (c windowCase) windows(t *testing.T) {
	var y *tensor.Tensor
	if c.Targets > 0 {
		y = count(10, c.Targets)
	}
	a := c.Args
	d, err := keras.TimeseriesDatasetFromArray(count(1, c.N, 2), y, keras.Timeseries{
		SequenceLength: a.SequenceLength, SequenceStride: a.SequenceStride, SamplingRate: a.SamplingRate, BatchSize: a.BatchSize,
		Shuffle: a.Shuffle, Seed: a.Seed, StartIndex: a.StartIndex, EndIndex: a.EndIndex,
	})
	if (err != nil) != (c.Refused || c.What == "timeseries" && len(c.Batches) == 0) {
		t.Fatalf("%+v: error %v, Keras refuses it: %v, batches: %d", a, err, c.Refused, len(c.Batches))
	}
	if err != nil {
		return
	}
	if c.What == "shuffled" {
		b, err := d.GetItem(0)
		if err != nil {
			t.Fatal(err)
		}
		var starts []int
		for k := range c.Starts {
			starts = append(starts, int(b.X.(*tensor.Tensor).Float64At(k*10))/2)
		}
		equal(t, "starts", c.Starts, starts)
		return
	}
	equal(t, "batches", len(c.Batches), d.Len())
	for k, want := range c.Batches {
		got, err := d.GetItem(k)
		if err != nil {
			t.Fatal(err)
		}
		list := []any{got.X, got.Y}
		for j, w := range want {
			x := list[j].(*tensor.Tensor)
			equal(t, fmt.Sprintf("batch %d shape", k), w.Shape, []int(x.Shape()))
			equal(t, fmt.Sprintf("batch %d", k), w.Values, x.Float32s())
		}
	}
}

func (c windowCase) split(t *testing.T) {
	number := func(v any) any { // an int, where Python had one
		if f, ok := v.(float64); ok && f == float64(int(f)) {
			return int(f)
		}
		return v
	}
	left, right, err := keras.SplitDataset([]*tensor.Tensor{count(1, c.N, 2), count(3, c.N)},
		keras.Split{LeftSize: number(c.Args.Left), RightSize: number(c.Args.Right), Shuffle: c.Args.Shuffle, Seed: c.Args.Seed})
	if (err != nil) != c.Refused {
		t.Fatalf("%+v: error %v, Keras refuses it: %v", c.Args, err, c.Refused)
	}
	if err != nil {
		return
	}
	for side, p := range map[string]struct {
		want []float32
		got  []*tensor.Tensor
	}{"left": {c.Left, left}, "right": {c.Right, right}} {
		var first, second []float32
		for k := range p.got[0].Len() {
			first, second = append(first, float32(p.got[0].Float64At(2*k))), append(second, float32(p.got[1].Float64At(k))*2/3)
		}
		if d := cmp.Diff(p.want, first); d != "" {
			t.Errorf("%+v %s (-Keras +kerasgo):\n%s", c.Args, side, d)
		}
		equal(t, "the second array", first, second)
	}
}
