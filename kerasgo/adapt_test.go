package keras_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func predicted(t *testing.T, m *keras.Model, x *tensor.Tensor) []float64 {
	t.Helper()
	out, err := m.Predict(x, keras.Predict{Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	var list []float64
	for i := range out.Size() {
		list = append(list, out.Float64At(i))
	}
	return list
}

// TestAdaptBeforeAndAfter: a layer learns before it is added, after, and once more when
// the model has been used; programs compiled before forget.
func TestAdaptBeforeAndAfter(t *testing.T) {
	words := func(list ...string) *tensor.Tensor { return tensor.From(list, len(list), 1) }
	l := keras.Share(layers.StringLookup{Name: "words"})
	if err := l.Adapt(words("b", "a", "b")); err != nil {
		t.Fatal(err)
	}
	m := keras.NewSequential(layers.InputLayer{Shape: []int{1}, DType: "string"}, l)
	if diff := cmp.Diff([]float64{2, 1, 0}, predicted(t, m, words("a", "b", "c"))); diff != "" {
		t.Error(diff)
	}
	if err := m.Adapt("words", words("c", "c", "b")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{0, 2, 1}, predicted(t, m, words("a", "b", "c"))); diff != "" {
		t.Errorf("after another Adapt:\n%s", diff)
	}
	if err := l.SetVocabulary([]string{"a"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{1, 0, 0}, predicted(t, m, words("a", "b", "c"))); diff != "" {
		t.Errorf("after SetVocabulary:\n%s", diff)
	}
	got, err := l.GetVocabulary()
	if diff := cmp.Diff([]string{"[UNK]", "a"}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

// TestAdaptTo: layers behind others, and in nested models, learn from what reaches them.
func TestAdaptTo(t *testing.T) {
	inner := keras.NewSequential(layers.InputLayer{Shape: []int{2}}, layers.Normalization{Name: "norm"}).Named("inner")
	m := keras.NewSequential(layers.InputLayer{Shape: []int{2}}, layers.Rescaling{Scale: 10.0}, inner)
	x := tensor.From([]float32{1, 2, 3, 6}, 2, 2)
	if diff := cmp.Diff([]string{"inner/norm"}, m.Adapters()); diff != "" {
		t.Error(diff)
	}
	if err := m.AdaptTo(x); err != nil {
		t.Fatal(err)
	}
	for i, v := range predicted(t, m, x) {
		if want := []float64{-1, -1, 1, 1}[i]; math.Abs(v-want) > 1e-6 {
			t.Errorf("output %d is %v, want %v", i, v, want)
		}
	}
	if err := m.Adapt("inner/norm", tensor.From([]float32{0, 0, 20, 40}, 2, 2)); err != nil {
		t.Fatal(err)
	}
	for i, v := range predicted(t, m, x) {
		if want := []float64{0, 0, 2, 2}[i]; math.Abs(v-want) > 1e-6 {
			t.Errorf("adapted once more, output %d is %v, want %v", i, v, want)
		}
	}
	if list := m.Adapters(); len(list) > 0 {
		t.Errorf("%v have yet to learn", list)
	}
}

func TestAdaptErrors(t *testing.T) {
	texts := tensor.From([]string{"a b", "c"})
	bag := keras.Share(layers.TextVectorization{OutputMode: "multi_hot", Name: "bag"})
	m := keras.NewSequential(layers.InputLayer{Shape: []int{}, DType: "string"}, bag, layers.Dense{Units: 1})
	for _, c := range []struct {
		want string
		f    func() error
	}{
		{"depends on what bag has yet to learn", func() error { return m.Build() }},
		{"a Dense learns nothing", func() error { return m.Adapt("dense", texts) }},
		{`has no layer "bags"`, func() error { return m.Adapt("bags", texts) }},
		{"there is no data", func() error { return m.Adapt("bag") }},
		{"wants texts, got float32", func() error { return m.Adapt("bag", tensor.New(tensor.Float32, 2)) }},
		{"", func() error { return m.Adapt("bag", texts) }},
		{"", func() error { return m.Build() }},
		{"the model is built for it", func() error { return bag.Adapt(tensor.From([]string{"a b c d"})) }},
		{"that it was given", func() error { return keras.Share(layers.StringLookup{Vocabulary: []string{"a"}}).Adapt(texts) }},
		{"wants strings", func() error {
			_, err := m.Predict(tensor.New(tensor.Float32, 2), keras.Predict{})
			return err
		}},
		{`"z" is not in the vocabulary`, func() error {
			closed := keras.NewSequential(layers.InputLayer{Shape: []int{1}, DType: "string"}, layers.StringLookup{Vocabulary: []string{"a"}, NumOOVIndices: new(0)})
			_, err := closed.Predict(tensor.From([]string{"z"}, 1, 1), keras.Predict{Verbose: keras.Silent})
			return err
		}},
	} {
		if err := c.f(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
