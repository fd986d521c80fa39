package keras

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Slices holds the arguments of FromTensorSlices.
type Slices struct {
	BatchSize     int  // samples of a batch; zero means 32
	DropRemainder bool // leave out a last batch that is shorter
	Shuffle       bool // samples in another order in every epoch
	Seed          int  // of that order
}

// FromTensorSlices cuts arrays into batches, what tf.data writes as
// from_tensor_slices(…).shuffle(…).batch(…): the whole data is shuffled, not a buffer of
// it. X, Y and SampleWeight are a *tensor.Tensor (of words too), a []*tensor.Tensor or
// a map[string]*tensor.Tensor; Y and SampleWeight may be nil.
//
// The batches are made ahead while the model works, as with prefetch; PyDataset says by
// how many goroutines.
func FromTensorSlices(d Data, s Slices) (*Stream, error) {
	fail := func(err error) (*Stream, error) {
		return nil, fmt.Errorf("keras: FromTensorSlices: %w", err)
	}
	if s.BatchSize == 0 {
		s.BatchSize = 32
	}
	if s.BatchSize < 0 {
		return fail(fmt.Errorf("the batch size is %d", s.BatchSize))
	}
	n := -1
	for _, part := range []struct {
		name string
		v    any
	}{{"X", d.X}, {"Y", d.Y}, {"SampleWeight", d.SampleWeight}} {
		_, err := eachTensor(part.v, func(t *tensor.Tensor) (*tensor.Tensor, error) {
			switch {
			case t == nil || t.Shape().Rank() == 0:
				return nil, errors.New("an array has no samples")
			case n >= 0 && t.Len() != n:
				return nil, fmt.Errorf("%d samples, the first array has %d", t.Len(), n)
			}
			n = t.Len()
			return t, nil
		})
		if err != nil {
			return fail(fmt.Errorf("%s: %w", part.name, err))
		}
	}
	if n < 0 {
		return fail(errors.New("there are no arrays"))
	}
	batches := (n + s.BatchSize - 1) / s.BatchSize
	if s.DropRemainder {
		batches = n / s.BatchSize
	}
	if batches == 0 {
		return fail(fmt.Errorf("%d samples make no batch of %d", n, s.BatchSize))
	}
	orders := permutations{n: n, seed: s.Seed}
	return &Stream{n: batches, at: func(pass, i int) (Data, error) {
		rows := make([]int, 0, s.BatchSize)
		for k := i * s.BatchSize; k < min((i+1)*s.BatchSize, n); k++ {
			rows = append(rows, k)
		}
		if s.Shuffle {
			order := orders.of(pass)
			for k := range rows {
				rows[k] = order[rows[k]]
			}
		}
		take := func(v any) any {
			out, _ := eachTensor(v, func(t *tensor.Tensor) (*tensor.Tensor, error) { return gatherRows(t, rows), nil })
			return out
		}
		return Data{X: take(d.X), Y: take(d.Y), SampleWeight: take(d.SampleWeight)}, nil
	}}, nil
}

// eachTensor applies f to the arrays of X, Y or SampleWeight.
func eachTensor(v any, f func(*tensor.Tensor) (*tensor.Tensor, error)) (any, error) {
	switch v := typedArrays(v).(type) {
	case nil:
		return nil, nil
	case *tensor.Tensor:
		return f(v)
	case []*tensor.Tensor:
		out := make([]*tensor.Tensor, len(v))
		for i, t := range v {
			var err error
			if out[i], err = f(t); err != nil {
				return nil, err
			}
		}
		return out, nil
	case map[string]*tensor.Tensor:
		out := map[string]*tensor.Tensor{}
		for _, k := range sortedKeys(v) {
			t, err := f(v[k])
			if err != nil {
				return nil, fmt.Errorf("%s: %w", k, err)
			}
			out[k] = t
		}
		return out, nil
	}
	return nil, fmt.Errorf("a %T is no array; wanted *tensor.Tensor, []*tensor.Tensor or map[string]*tensor.Tensor", v)
}

// permutations are orders of n things, one for each pass, of which the last is kept.
type permutations struct {
	n, seed int
	mu      sync.Mutex
	pass    int
	order   []int
}

func (p *permutations) of(pass int) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.order == nil || p.pass != pass {
		p.pass, p.order = pass, make([]int, p.n)
		rng.New(uint64(p.seed), uint64(pass)).Perm(p.order)
	}
	return p.order
}

// Stream is a Dataset with methods that make others of it, as those of tf.data do. A
// Stream is not changed by them.
//
//	train, err := keras.FromTensorSlices(keras.Data{X: x, Y: y}, keras.Slices{BatchSize: 64, Shuffle: true})
//	model.Fit(train.Map(augment).Take(100), nil, keras.Fit{Epochs: 10})
type Stream struct {
	n    int // batches; below 0 without end
	at   func(pass, i int) (Data, error)
	ends []epochEnder
	pass atomic.Int64 // how many epochs have ended
}

// StreamOf makes a Stream of any Dataset.
func StreamOf(d Dataset) *Stream {
	s := &Stream{n: d.Len(), at: func(_, i int) (Data, error) { return d.GetItem(i) }}
	if e, ok := d.(epochEnder); ok {
		s.ends = []epochEnder{e}
	}
	return s
}

// Len returns the number of batches, -1 if there is no end.
func (s *Stream) Len() int { return s.n }

// GetItem makes batch i of this epoch.
func (s *Stream) GetItem(i int) (Data, error) {
	if i < 0 || s.n >= 0 && i >= s.n {
		return Data{}, fmt.Errorf("batch %d is outside 0…%d", i, s.n-1)
	}
	return s.at(int(s.pass.Load()), i)
}

// OnEpochEnd begins another pass, with other orders where something is shuffled.
func (s *Stream) OnEpochEnd() {
	s.pass.Add(1)
	for _, e := range s.ends {
		e.OnEpochEnd()
	}
}

// with returns a Stream of n batches that follow from those of s.
func (s *Stream) with(n int, at func(pass, i int) (Data, error)) *Stream {
	return &Stream{n: n, at: at, ends: s.ends}
}

// Map returns the batches with f applied to them. Several goroutines may call f.
func (s *Stream) Map(f func(Data) (Data, error)) *Stream {
	return s.with(s.n, func(pass, i int) (Data, error) {
		d, err := s.at(pass, i)
		if err != nil {
			return d, err
		}
		return f(d)
	})
}

// Take returns the first n batches; below 0 all of them.
func (s *Stream) Take(n int) *Stream {
	if n < 0 || s.n >= 0 && n > s.n {
		n = s.n
	}
	return s.with(n, s.at)
}

// Skip returns what comes after the first n batches; below 0 nothing.
func (s *Stream) Skip(n int) *Stream {
	switch {
	case n < 0:
		return s.Take(0)
	case s.n < 0:
		return s.with(s.n, func(pass, i int) (Data, error) { return s.at(pass, i+n) })
	}
	return s.with(max(s.n-n, 0), func(pass, i int) (Data, error) { return s.at(pass, i+n) })
}

// Repeat returns the batches n times, shuffled anew each time where they are shuffled;
// below 1 without end, for which Fit needs StepsPerEpoch.
func (s *Stream) Repeat(n int) *Stream {
	if s.n <= 0 { // without end, or nothing
		return s
	}
	if n < 1 {
		return s.with(-1, func(_, i int) (Data, error) { return s.at(i/s.n, i%s.n) })
	}
	return s.with(s.n*n, func(pass, i int) (Data, error) { return s.at(pass*n+i/s.n, i%s.n) })
}

// Concatenate returns the batches of s and then those of o.
func (s *Stream) Concatenate(o *Stream) *Stream {
	if s.n < 0 {
		return s
	}
	n := s.n + o.n
	if o.n < 0 {
		n = -1
	}
	both := s.with(n, func(pass, i int) (Data, error) {
		if i < s.n {
			return s.at(pass, i)
		}
		return o.at(pass, i-s.n)
	})
	both.ends = append(append([]epochEnder{}, s.ends...), o.ends...)
	return both
}

// Shuffle returns the batches in another order in every epoch; a stream without end
// stays as it is. The samples of a batch stay together: Slices.Shuffle mixes samples.
func (s *Stream) Shuffle(seed int) *Stream {
	if s.n < 0 {
		return s
	}
	orders := permutations{n: s.n, seed: seed}
	return s.with(s.n, func(pass, i int) (Data, error) { return s.at(pass, orders.of(pass)[i]) })
}

// Cache returns the batches as they are when they are first made, kept in memory: what
// comes before it is done once.
func (s *Stream) Cache() *Stream {
	var mu sync.Mutex
	kept := map[int]Data{}
	return s.with(s.n, func(pass, i int) (Data, error) {
		mu.Lock()
		d, ok := kept[i]
		mu.Unlock()
		if ok {
			return d, nil
		}
		d, err := s.at(pass, i)
		if err == nil {
			mu.Lock()
			kept[i] = d
			mu.Unlock()
		}
		return d, err
	})
}

var _ Dataset = (*Stream)(nil)
