package keras

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// fitSteps returns the batch size and the number of batches in an epoch.
func fitSteps(train *arrays, batch, perEpoch int) (size, steps int, err error) {
	if train.feed != nil {
		switch {
		case batch > 0:
			return 0, 0, errors.New("batch_size must not be given with a Dataset, which makes its own batches")
		case perEpoch > 0:
			return 0, perEpoch, nil
		case train.feed.n < 0:
			return 0, 0, errors.New("steps_per_epoch must be given with a Dataset without end")
		}
		return 0, train.feed.n, nil
	}
	if batch == 0 {
		batch = 32
		if perEpoch > 0 {
			batch = (train.n + perEpoch - 1) / perEpoch
		}
	}
	if perEpoch > 0 {
		return batch, perEpoch, nil
	}
	return batch, (train.n + batch - 1) / batch, nil
}

// fitData checks the data and splits the validation data off.
func (m *Model) fitData(first Data, feed *feed, f Fit) (train, val *arrays, err error) {
	train, err = m.newArrays(first.X, first.Y, first.SampleWeight)
	if err != nil {
		return nil, nil, err
	}
	train.feed = feed
	v := f.ValidationData
	switch {
	case v.X != nil:
		if val, err = m.validationData(v, f); err != nil {
			return nil, nil, fmt.Errorf("validation data: %w", err)
		}
	case f.ValidationSplit > 0 && feed != nil:
		return nil, nil, errors.New("validation_split works for arrays only: give validation_data with a Dataset")
	case f.ValidationSplit > 0:
		at := int(math.Floor(float64(train.n) * (1 - f.ValidationSplit)))
		if at == 0 || at == train.n {
			return nil, nil, fmt.Errorf("validation_split %v of %d samples leaves nothing to train or to validate on", f.ValidationSplit, train.n)
		}
		train, val = train.slice(0, at), train.slice(at, train.n)
	}
	if f.ClassWeight != nil {
		if err := train.weighClasses(f.ClassWeight); err != nil {
			return nil, nil, err
		}
		if feed != nil {
			feed.classWeight = f.ClassWeight
		}
	}
	return train, val, nil
}

// validationData checks what to validate on, which may be a Dataset too.
func (m *Model) validationData(v Data, f Fit) (*arrays, error) {
	feed, first, err := m.openDataset(v.X, v.Y, v.SampleWeight)
	if err != nil {
		return nil, err
	}
	val, err := m.newArrays(first.X, first.Y, first.SampleWeight)
	if err != nil {
		return nil, err
	}
	val.feed = feed
	switch {
	case feed == nil:
	case f.ValidationBatchSize > 0:
		return nil, errors.New("validation_batch_size must not be given with a Dataset, which makes its own batches")
	case feed.n < 0 && f.ValidationSteps == 0:
		return nil, errors.New("validation_steps must be given with a Dataset without end")
	}
	return val, nil
}

// weighClasses gives every sample the weight of its class.
func (a *arrays) weighClasses(weights map[int]float64) error {
	for _, w := range a.w {
		if w != nil {
			return errors.New("class_weight and sample_weight cannot be given together")
		}
	}
	if len(a.y) != 1 || a.y[0] == nil {
		return errors.New("class_weight works for models with one output only")
	}
	a.w[0] = classWeights(a.y[0], weights)
	return nil
}

// classWeights returns each sample's weight: that of its class, or of the largest
// entry of a one-hot target; classes that are not listed weigh 1.
func classWeights(y *tensor.Tensor, weights map[int]float64) *tensor.Tensor {
	n, classes := y.Len(), 1
	if y.Shape().Rank() > 1 {
		classes = y.Shape()[1:].Size()
	}
	w := tensor.New(tensor.Float32, n)
	for i := range n {
		class := int(y.Float64At(i * classes))
		if classes > 1 {
			class = 0
			for k := 1; k < classes; k++ {
				if y.Float64At(i*classes+k) > y.Float64At(i*classes+class) {
					class = k
				}
			}
		}
		v, ok := weights[class]
		if !ok {
			v = 1
		}
		w.Float32s()[i] = float32(v)
	}
	return w
}

// validationEpochs returns which epochs, counted from 0, end with a validation.
func validationEpochs(v any) (func(epoch int) bool, error) {
	switch v := v.(type) {
	case nil:
		return func(int) bool { return true }, nil
	case int:
		if v >= 1 {
			return func(e int) bool { return (e+1)%v == 0 }, nil
		}
	case []int:
		return func(e int) bool { return slices.Contains(v, e+1) }, nil
	case []any:
		var list []int
		for _, x := range v {
			n, ok := x.(int)
			if !ok {
				return nil, fmt.Errorf("validation_freq: %v is no epoch number", x)
			}
			list = append(list, n)
		}
		return validationEpochs(list)
	}
	return nil, fmt.Errorf("validation_freq must be a positive number or a list of epochs, got %v", v)
}
