package keras

import (
	"errors"
	"fmt"
)

// Dataset makes the batches of an epoch one by one, for data that is not in memory as a
// whole: Keras's PyDataset. Fit, Evaluate and Predict take one in the place of x; y and
// sample weights are then part of the batches.
//
// A data set that also has a method OnEpochEnd() is told when an epoch, or an
// evaluation, has ended; no GetItem runs then.
type Dataset interface {
	// Len returns the number of batches in an epoch; below 0 there is no end, and
	// Fit needs StepsPerEpoch.
	Len() int
	// GetItem returns batch i. It is called from another goroutine, ahead of the step
	// that the batch is for.
	GetItem(i int) (Data, error)
}

// PyDataset says how the batches of a data set are made ahead.
type PyDataset struct {
	Dataset Dataset
	// Workers is how many calls of GetItem may run at the same time; zero means 1.
	// The order of the batches does not depend on it.
	Workers int
	// MaxQueueSize is how many batches may be ready ahead; zero means 10.
	MaxQueueSize int
}

// epochEnder is a Dataset that is told when an epoch has ended.
type epochEnder interface{ OnEpochEnd() }

// feed makes the batches of a Dataset, in the form that a runner takes.
type feed struct {
	m           *Model
	set         Dataset
	n           int // batches; below 0 without end
	workers     int
	ahead       int
	classWeight map[int]float64
	rows        []int // 0, 1, 2, …, as many as the largest batch has samples
}

// openDataset returns x, y and sample weights as they are, or, if x is a Dataset, those
// of its first batch and what makes the others.
func (m *Model) openDataset(x, y, w any) (*feed, Data, error) {
	p, ok := x.(PyDataset)
	if d, is := x.(Dataset); is {
		p, ok = PyDataset{Dataset: d}, true
	}
	switch {
	case !ok:
		return nil, Data{X: x, Y: y, SampleWeight: w}, nil
	case p.Dataset == nil:
		return nil, Data{}, errors.New("PyDataset: the Dataset is nil")
	case y != nil:
		return nil, Data{}, errors.New("y must be nil when x is a Dataset, whose batches have the targets")
	case w != nil:
		return nil, Data{}, errors.New("sample weights must be nil when x is a Dataset, whose batches have them")
	case p.Workers < 0 || p.MaxQueueSize < 0:
		return nil, Data{}, fmt.Errorf("PyDataset: %d workers and a queue of %d; both must not be negative", p.Workers, p.MaxQueueSize)
	}
	f := &feed{m: m, set: p.Dataset, n: p.Dataset.Len(), workers: max(p.Workers, 1), ahead: p.MaxQueueSize}
	if f.ahead == 0 {
		f.ahead = 10
	}
	if f.n == 0 {
		return nil, Data{}, errors.New("the Dataset has no batches")
	}
	first, err := f.item(0)
	return f, first, err
}

// item is GetItem with what can go wrong.
func (f *feed) item(i int) (d Data, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("batch %d of the Dataset: %w", i, withoutPrefix(err))
		}
	}()
	defer recoverShape(&err)
	return f.set.GetItem(i)
}

// batch makes batch i and checks it.
func (f *feed) batch(i int, md mode) (*arrays, error) {
	d, err := f.item(i)
	if err != nil {
		return nil, err
	}
	if md == modePredict {
		d.Y, d.SampleWeight = nil, nil
	}
	a, err := f.m.newArrays(d.X, d.Y, d.SampleWeight)
	if err == nil && md != modePredict {
		err = f.m.checkTargets(a)
	}
	if err == nil && f.classWeight != nil {
		err = a.weighClasses(f.classWeight)
	}
	if err != nil {
		return nil, fmt.Errorf("batch %d of the Dataset: %w", i, withoutPrefix(err))
	}
	return a, nil
}

// all returns the numbers of n samples.
func (f *feed) all(n int) []int {
	for i := len(f.rows); i < n; i++ {
		f.rows = append(f.rows, i)
	}
	return f.rows[:n]
}

// ended tells the data set that an epoch has ended.
func (f *feed) ended() {
	if e, ok := f.set.(epochEnder); ok {
		e.OnEpochEnd()
	}
}
