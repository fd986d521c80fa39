package keras_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// TestPadSequences: the numbers are those of keras.utils.pad_sequences.
func TestPadSequences(t *testing.T) {
	in := [][]int{{1}, {2, 3}, {4, 5, 6}, {}}
	for _, c := range []struct {
		p    keras.Padding
		want []int32
	}{
		{keras.Padding{}, []int32{0, 0, 1, 0, 2, 3, 4, 5, 6, 0, 0, 0}},
		{keras.Padding{MaxLen: new(2)}, []int32{0, 1, 2, 3, 5, 6, 0, 0}},
		{keras.Padding{MaxLen: new(2), Padding: "post", Truncating: "post", Value: -1}, []int32{1, -1, 2, 3, 4, 5, -1, -1}},
		{keras.Padding{MaxLen: new(4), Padding: "post"}, []int32{1, 0, 0, 0, 2, 3, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0}},
		{keras.Padding{MaxLen: new(0)}, []int32{}},
	} {
		got, err := keras.PadSequences(in, c.p)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got.Int32s()); diff != "" || got.Len() != 4 {
			t.Errorf("%+v: shape %v (-want +got):\n%s", c.p, got.Shape(), diff)
		}
	}
	got, err := keras.PadSequences([][]float64{{1.5}, {2.5, 3.5}}, keras.Padding{DType: "float32", Value: 0.25})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{0.25, 1.5, 2.5, 3.5}, got.Float32s()); diff != "" {
		t.Error(diff)
	}
	for want, f := range map[string]func() (*tensor.Tensor, error){
		"wanted [][]int":  func() (*tensor.Tensor, error) { return keras.PadSequences([]int{1}, keras.Padding{}) },
		`padding is "up"`: func() (*tensor.Tensor, error) { return keras.PadSequences(in, keras.Padding{Padding: "up"}) },
		`dtype is "text"`: func() (*tensor.Tensor, error) { return keras.PadSequences(in, keras.Padding{DType: "text"}) },
		"length is -1":    func() (*tensor.Tensor, error) { return keras.PadSequences(in, keras.Padding{MaxLen: new(-1)}) },
	} {
		if _, err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
