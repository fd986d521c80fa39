package keras_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// numbers are the batches 0 1 2, 3 4 5, 6.
func numbers(t *testing.T, s keras.Slices) *keras.Stream {
	t.Helper()
	x := tensor.From([]float32{0, 1, 2, 3, 4, 5, 6}, 7, 1)
	d, err := keras.FromTensorSlices(keras.Data{X: map[string]*tensor.Tensor{"x": x}, Y: x}, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// pull returns the numbers of a pass, or of the first few batches of one without end.
func pull(t *testing.T, s *keras.Stream) (all []float32) {
	t.Helper()
	n := s.Len()
	if n < 0 {
		n = 8
	}
	for i := range n {
		d, err := s.GetItem(i)
		if err != nil {
			t.Fatal(err)
		}
		x := d.X.(map[string]*tensor.Tensor)["x"].Float32s()
		if !slices.Equal(x, d.Y.(*tensor.Tensor).Float32s()) {
			t.Fatalf("batch %d: x %v, y %v", i, x, d.Y)
		}
		all = append(all, x...)
	}
	return all
}

func TestStream(t *testing.T) {
	plain := numbers(t, keras.Slices{BatchSize: 3})
	twice := func(d keras.Data) (keras.Data, error) {
		x := d.Y.(*tensor.Tensor).Clone()
		for i := range x.Float32s() {
			x.Float32s()[i] *= 2
		}
		return keras.Data{X: map[string]*tensor.Tensor{"x": x}, Y: x}, nil
	}
	for _, c := range []struct {
		name string
		s    *keras.Stream
		want []float32
	}{
		{"batches", plain, []float32{0, 1, 2, 3, 4, 5, 6}},
		{"drop remainder", numbers(t, keras.Slices{BatchSize: 3, DropRemainder: true}), []float32{0, 1, 2, 3, 4, 5}},
		{"take", plain.Take(1), []float32{0, 1, 2}},
		{"take all", plain.Take(-1), []float32{0, 1, 2, 3, 4, 5, 6}},
		{"take more", plain.Take(9), []float32{0, 1, 2, 3, 4, 5, 6}},
		{"skip", plain.Skip(2), []float32{6}},
		{"skip all", plain.Skip(4), nil},
		{"skip -1", plain.Skip(-1), nil},
		{"repeat", plain.Take(1).Repeat(3), []float32{0, 1, 2, 0, 1, 2, 0, 1, 2}},
		{"map", plain.Skip(1).Map(twice), []float32{6, 8, 10, 12}},
		{"concatenate", plain.Skip(2).Concatenate(plain.Take(1)), []float32{6, 0, 1, 2}},
		{"without end", plain.Skip(1).Repeat(0).Take(3), []float32{3, 4, 5, 6, 3, 4, 5}},
	} {
		if d := cmp.Diff(c.want, pull(t, c.s)); d != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, d)
		}
	}
}

// Every epoch, and every repetition, has an order of its own, the same for a seed.
func TestStreamShuffle(t *testing.T) {
	for name, make := range map[string]func() *keras.Stream{
		"samples": func() *keras.Stream { return numbers(t, keras.Slices{BatchSize: 3, Shuffle: true, Seed: 4}) },
		"batches": func() *keras.Stream { return numbers(t, keras.Slices{BatchSize: 1}).Shuffle(4) },
	} {
		s := make()
		first := pull(t, s)
		s.OnEpochEnd()
		second := pull(t, s)
		if slices.Equal(first, second) {
			t.Errorf("%s: both epochs have the order %v", name, first)
		}
		if d := cmp.Diff(slices.Concat(first, second), pull(t, make().Repeat(2))); d != "" {
			t.Errorf("%s repeated: (-want +got)\n%s", name, d)
		}
		slices.Sort(second)
		if d := cmp.Diff([]float32{0, 1, 2, 3, 4, 5, 6}, second); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestStreamCache(t *testing.T) {
	calls := 0
	s := numbers(t, keras.Slices{BatchSize: 3}).Map(func(d keras.Data) (keras.Data, error) {
		calls++
		return d, nil
	}).Cache()
	pull(t, s)
	pull(t, s)
	if calls != 3 {
		t.Errorf("the function was called %d times for 3 batches", calls)
	}
}

func TestStreamMistakes(t *testing.T) {
	x, y := tensor.New(tensor.Float32, 4, 2), tensor.New(tensor.Float32, 3)
	for _, c := range []struct {
		d    keras.Data
		s    keras.Slices
		want string
	}{
		{keras.Data{X: x, Y: y}, keras.Slices{}, "Y: 3 samples, the first array has 4"},
		{keras.Data{}, keras.Slices{}, "there are no arrays"},
		{keras.Data{X: 3}, keras.Slices{}, "X: a int is no array"},
		{keras.Data{X: x}, keras.Slices{BatchSize: 5, DropRemainder: true}, "4 samples make no batch of 5"},
		{keras.Data{X: x}, keras.Slices{BatchSize: -1}, "the batch size is -1"},
	} {
		if _, err := keras.FromTensorSlices(c.d, c.s); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// Words and numbers come to a model through a Dataset as they do from arrays, and an
// error in the making of a batch ends the training.
func TestStreamOfWords(t *testing.T) {
	build := func() *keras.Model {
		word := keras.InputWith(layers.InputLayer{Shape: []int{1}, DType: "string", Name: "word"})
		size := keras.InputWith(layers.InputLayer{Shape: []int{1}, Name: "size"})
		codes := keras.Apply(layers.StringLookup{Vocabulary: []string{"red", "blue"}, OutputMode: "one_hot"}, word)
		out := keras.Apply(layers.Dense{Units: 1, KernelInitializer: "ones"}, keras.Apply(layers.Concatenate{}, codes, size))
		m := keras.NewModel(keras.List(word, size), out)
		keras.Check(m.Compile(keras.Compile{Optimizer: "sgd", Loss: "mse"}))
		return m
	}
	x := map[string]*tensor.Tensor{
		"word": tensor.From([]string{"red", "blue", "green", "red", "blue"}, 5, 1), "size": tensor.From([]float32{1, 2, 3, 4, 5}, 5, 1),
	}
	y := tensor.From([]float32{1, 0, 1, 0, 1}, 5, 1)
	set, err := keras.FromTensorSlices(keras.Data{X: x, Y: y}, keras.Slices{BatchSize: 2})
	if err != nil {
		t.Fatal(err)
	}
	arrays, stream := build(), build()
	if _, err := arrays.Fit(x, y, keras.Fit{BatchSize: 2, Epochs: 2, Shuffle: false, Verbose: keras.Silent}); err != nil {
		t.Fatal(err)
	}
	var made atomic.Int64
	counted := set.Map(func(d keras.Data) (keras.Data, error) {
		made.Add(1)
		return d, nil
	})
	if _, err := stream.Fit(keras.PyDataset{Dataset: counted, Workers: 2}, nil, keras.Fit{Epochs: 2, Shuffle: false, Verbose: keras.Silent}); err != nil {
		t.Fatal(err)
	}
	if made.Load() < 6 {
		t.Errorf("%d batches were made for 2 epochs of 3", made.Load())
	}
	for i, w := range arrays.GetWeights() {
		if d := cmp.Diff(w.Float32s(), stream.GetWeights()[i].Float32s()); d != "" {
			t.Errorf("weight %d: (-arrays +stream)\n%s", i, d)
		}
	}
	broken := set.Map(func(keras.Data) (keras.Data, error) { return keras.Data{}, errors.New("no more of it") })
	if _, err := stream.Predict(broken, keras.Predict{Verbose: keras.Silent}); err == nil || !strings.Contains(err.Error(), "batch 0 of the Dataset: no more of it") {
		t.Errorf("got %v", err)
	}
}
