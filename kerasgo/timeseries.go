package keras

import (
	"fmt"
	"math/rand/v2"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Timeseries holds the arguments of TimeseriesDatasetFromArray.
type Timeseries struct {
	SequenceLength int  // steps of a window
	SequenceStride int  // steps from the beginning of a window to that of the next; zero means 1
	SamplingRate   int  // steps from one step of a window to the next; zero means 1
	BatchSize      int  // windows of a batch; zero means 128
	Shuffle        bool // windows in another order
	Seed           *int // of that order; nil means any
	StartIndex     int  // first step that is used
	EndIndex       *int // step that ends what is used; nil means the end of the data
}

// TimeseriesDatasetFromArray cuts data, of shape (steps, …), into windows of
// SequenceLength steps: batches (windows, SequenceLength, …). The target of a window
// that begins at step i is targets[i], counted from StartIndex; without targets (nil)
// the batches have none. Windows are copied when their batch is made.
//
// Keras's keras.utils.timeseries_dataset_from_array. The order of shuffled windows is
// that of Keras's first shuffle; Keras mixes them once more, in a buffer of TensorFlow's.
func TimeseriesDatasetFromArray(data, targets *tensor.Tensor, t Timeseries) (*TimeseriesDataset, error) {
	d, err := newTimeseries(data, targets, t)
	if err != nil {
		return nil, fmt.Errorf("keras: TimeseriesDatasetFromArray: %w", err)
	}
	return d, nil
}

// TimeseriesDataset is a Dataset of windows of a series.
type TimeseriesDataset struct {
	data, targets *tensor.Tensor // from StartIndex on
	starts        []int
	length, rate  int
	batch         int
}

func newTimeseries(data, targets *tensor.Tensor, t Timeseries) (*TimeseriesDataset, error) {
	if err := checkNumbers(data); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	if data.Shape().Rank() == 0 || targets != nil && targets.Shape().Rank() == 0 {
		return nil, fmt.Errorf("data and targets need an axis of steps")
	}
	n, end := data.Len(), data.Len()
	d := &TimeseriesDataset{length: t.SequenceLength, rate: orOne(t.SamplingRate), batch: t.BatchSize}
	if d.batch == 0 {
		d.batch = 128
	}
	stride := orOne(t.SequenceStride)
	if t.EndIndex != nil {
		if end = *t.EndIndex; end <= t.StartIndex || end >= n {
			return nil, fmt.Errorf("end_index must be above start_index %d and below the length %d of the data, got %d", t.StartIndex, n, end)
		}
	}
	switch {
	case t.StartIndex < 0 || t.StartIndex >= n:
		return nil, fmt.Errorf("start_index must be at least 0 and below the length %d of the data, got %d", n, t.StartIndex)
	case d.length < 1:
		return nil, fmt.Errorf("sequence_length must be at least 1, got %d", d.length)
	case d.rate < 1 || d.rate >= n:
		return nil, fmt.Errorf("sampling_rate must be at least 1 and below the length %d of the data, got %d", n, d.rate)
	case stride < 1 || stride >= n:
		return nil, fmt.Errorf("sequence_stride must be at least 1 and below the length %d of the data, got %d", n, stride)
	case d.batch < 1:
		return nil, fmt.Errorf("batch_size must be at least 1, got %d", d.batch)
	}
	windows := end - t.StartIndex - (d.length-1)*d.rate
	d.data = data.Slice(t.StartIndex, end)
	if targets != nil {
		windows = min(windows, targets.Len())
		if last := (windows - 1) / stride * stride; windows > 0 && t.StartIndex+last >= targets.Len() {
			return nil, fmt.Errorf("there are %d targets, the window that begins at step %d has none", targets.Len(), t.StartIndex+last)
		}
		d.targets = targets.Slice(min(t.StartIndex, targets.Len()), targets.Len())
	}
	for s := 0; s < windows; s += stride {
		d.starts = append(d.starts, s)
	}
	if len(d.starts) == 0 {
		return nil, fmt.Errorf("no window of %d steps at a sampling rate of %d fits into %d steps", d.length, d.rate, end-t.StartIndex)
	}
	if t.Shuffle {
		seed := rand.IntN(1e6)
		if t.Seed != nil {
			seed = *t.Seed
		}
		r, err := rng.NewNumPy(seed)
		if err != nil {
			return nil, err
		}
		for i, k := range r.Shuffled(len(d.starts)) {
			d.starts[i] = k * stride
		}
	}
	return d, nil
}

func orOne(n int) int {
	if n == 0 {
		return 1
	}
	return n
}

// Len returns the number of batches.
func (d *TimeseriesDataset) Len() int { return (len(d.starts) + d.batch - 1) / d.batch }

// GetItem copies the windows of batch i.
func (d *TimeseriesDataset) GetItem(i int) (Data, error) {
	if i < 0 || i >= d.Len() {
		return Data{}, fmt.Errorf("batch %d is outside 0…%d", i, d.Len()-1)
	}
	starts := d.starts[i*d.batch : min((i+1)*d.batch, len(d.starts))]
	rows := make([]int, 0, len(starts)*d.length)
	for _, s := range starts {
		for k := range d.length {
			rows = append(rows, s+k*d.rate)
		}
	}
	shape := append([]int{len(starts), d.length}, d.data.Shape()[1:]...)
	out := Data{X: gatherRows(d.data, rows).Reshape(shape...)}
	if d.targets != nil {
		out.Y = gatherRows(d.targets, starts)
	}
	return out, nil
}

// gatherRows copies the given rows of t.
func gatherRows(t *tensor.Tensor, rows []int) *tensor.Tensor {
	out := tensor.New(t.DType(), append([]int{len(rows)}, t.Shape()[1:]...)...)
	tensor.Gather(out, t, rows)
	return out
}

var _ Dataset = (*TimeseriesDataset)(nil)
