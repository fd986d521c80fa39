package mnist

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// counting is a data set of n examples whose image and label both are the example's number.
func counting(n int, seed uint64) *DataSet {
	images, labels := tensor.New(tensor.Float32, n, 1), tensor.New(tensor.Uint8, n)
	for i := range n {
		images.Float32s()[i] = float32(i)
		tensor.Data[uint8](labels)[i] = uint8(i)
	}
	return newDataSet(images, labels, seed)
}

func TestNextBatchGoesThroughAllExamples(t *testing.T) {
	d := counting(10, 1)
	var seen []uint8
	var epochs []int
	for range 10 {
		x, y := d.NextBatch(3)
		if !x.Shape().Equal(tensor.Shape{3, 1}) || !y.Shape().Equal(tensor.Shape{3}) {
			t.Fatalf("shapes %v and %v", x.Shape(), y.Shape())
		}
		for i, label := range tensor.Data[uint8](y) {
			if x.Float32s()[i] != float32(label) {
				t.Fatalf("image %v has label %d", x.Float32s()[i], label)
			}
		}
		seen = append(seen, tensor.Data[uint8](y)...)
		epochs = append(epochs, d.EpochsCompleted())
	}
	if diff := cmp.Diff([]int{0, 0, 0, 1, 1, 1, 2, 2, 2, 2}, epochs); diff != "" {
		t.Errorf("epochs: %s", diff)
	}
	var orders [][]uint8
	for i := 0; i < 30; i += 10 {
		orders = append(orders, slices.Clone(seen[i:i+10]))
		slices.Sort(seen[i : i+10])
		if diff := cmp.Diff([]uint8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, seen[i:i+10]); diff != "" {
			t.Errorf("epoch %d: %s", i/10, diff)
		}
	}
	if slices.Equal(orders[0], orders[1]) || slices.Equal(orders[1], orders[2]) {
		t.Errorf("the order stays: %v", orders)
	}
}

func TestNextBatchLargerThanTheSet(t *testing.T) {
	d := counting(4, 1)
	_, y := d.NextBatch(10)
	if y.Len() != 10 || d.EpochsCompleted() != 2 {
		t.Errorf("%d examples, %d epochs", y.Len(), d.EpochsCompleted())
	}
}

func TestNextBatchSeed(t *testing.T) {
	batch := func(seed uint64) []uint8 {
		_, y := counting(100, seed).NextBatch(50)
		return tensor.Data[uint8](y)
	}
	if !slices.Equal(batch(3), batch(3)) {
		t.Error("the same seed gives other batches")
	}
	if slices.Equal(batch(3), batch(4)) {
		t.Error("another seed gives the same batches")
	}
}

func TestNextBatchImpossible(t *testing.T) {
	for _, c := range []struct{ examples, n int }{{10, -1}, {0, 1}} {
		func() {
			defer func() {
				var shape *tensor.ShapeError
				if err, ok := recover().(error); !ok || !errors.As(err, &shape) {
					t.Errorf("%+v: no ShapeError", c)
				}
			}()
			counting(c.examples, 0).NextBatch(c.n)
		}()
	}
	if x, _ := counting(0, 0).NextBatch(0); x.Size() != 0 {
		t.Error("an empty batch isn't empty")
	}
}
