package keras

import (
	"errors"
	"fmt"

	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// position is how far a run of Fit has come.
type position struct {
	epoch, batch int // of the next batch
	pass, at     int // of the order of the samples, after the last batch
	done         int // epochs the model was ever trained, for shuffling
}

// stateGroup is where a file of weights holds what else a run depends on. Keras reads
// over it.
const stateGroup = "training_state"

// SaveState writes the weights, the optimizer's state, and beside them the position of
// the run, the seed, and the sums of losses and metrics.
func (s *session) SaveState(path string) error {
	m, r := s.model, s.train
	if r == nil {
		return errors.New("only the state of a running Fit can be saved")
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	w := m.weightGroups()
	w.Add(stateGroup, "training_state", s.stateTensors(r)...)
	return kerasfile.WriteWeights(path, w)
}

func (s *session) stateTensors(r *runner) []kerasfile.Tensor {
	p := s.at
	counts := []int64{int64(p.epoch), int64(p.batch), int64(r.order.epoch), int64(r.order.at), int64(s.model.epochsDone), int64(r.m.seed)}
	var means []float32
	for _, v := range r.means {
		means = append(means, v.total, v.count)
	}
	list := []kerasfile.Tensor{kerasfile.Int64s("", []int{len(counts)}, counts), kerasfile.Float32s("", []int{len(means)}, means)}
	for i, b := range r.m.compiled.metrics {
		var last []float64 // what the logs show of it
		for _, v := range r.last {
			if v.metric == b {
				last = append(last, v.value)
			}
		}
		list = append(list, kerasfile.Float64s(fmt.Sprintf("%d_last", i), []int{len(last)}, last))
		for k, t := range b.state {
			list = append(list, fileTensor(fmt.Sprintf("%d_%d", i, k), t))
		}
	}
	return list
}

// LoadState puts everything back; Fit then goes on from there.
func (s *session) LoadState(path string, epoch int) error {
	m, r := s.model, s.train
	if r == nil {
		return errors.New("a state can only be taken up when Fit begins")
	}
	w, err := kerasfile.OpenWeights(path)
	if err != nil {
		return err
	}
	g := w.Group(stateGroup)
	var restore func()
	if g != nil {
		if restore, err = s.stateOf(r, g.Vars); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.setGroups(path, w, LoadWeightsOptions{}); err != nil {
		return err
	}
	if g := w.Group("optimizer"); g != nil && len(g.Vars) > 0 {
		if err := m.setOptimizer(g.Vars); err != nil {
			return fmt.Errorf("%s: optimizer: %w", path, err)
		}
	}
	s.at, s.resumed = position{epoch: epoch}, true
	if restore != nil {
		restore()
	}
	return nil
}

// stateOf checks a saved state and returns what puts it back.
func (s *session) stateOf(r *runner, vars []kerasfile.Tensor) (restore func(), err error) {
	by := map[string]kerasfile.Tensor{}
	for _, v := range vars {
		by[v.Name] = v
	}
	counts, err := by["0"].Int64s()
	if err != nil || len(counts) != 6 {
		return nil, errors.New("the saved state has no position")
	}
	for _, c := range counts[:5] {
		if c < 0 || int64(int32(c)) != c {
			return nil, fmt.Errorf("the saved state has the position %v", counts[:5])
		}
	}
	p := position{int(counts[0]), int(counts[1]), int(counts[2]), int(counts[3]), int(counts[4])}
	if p.at > len(r.order.rows) && !r.order.endless {
		return nil, fmt.Errorf("the backup is of a run with more data: it has seen %d samples of an epoch, there are %d", p.at, len(r.order.rows))
	}
	means, err := by["1"].Float32s()
	if err != nil || len(means) != 2*len(r.means) {
		return nil, fmt.Errorf("the backup has %d losses, the model has %d", len(means)/2, len(r.means))
	}
	bound := r.m.compiled.metrics
	last, state := make([][]float64, len(bound)), make([][][]float32, len(bound))
	for i, b := range bound {
		if last[i], err = by[fmt.Sprintf("%d_last", i)].Float64s(); err != nil {
			return nil, fmt.Errorf("the backup has no metric %q: %w", b.name, err)
		}
		for k, t := range b.state {
			v, err := by[fmt.Sprintf("%d_%d", i, k)].Float32s()
			if err != nil || len(v) != t.Size() {
				return nil, fmt.Errorf("the backup has another state of metric %q", b.name)
			}
			state[i] = append(state[i], v)
		}
	}
	return func() {
		s.at = p
		s.model.seed, s.model.epochsDone = uint64(counts[5]), p.done
		for i := range r.means {
			r.means[i] = mean{means[2*i], means[2*i+1]}
		}
		for i, b := range bound {
			b.values = len(last[i])
			for k, t := range b.state {
				copy(t.Float32s(), state[i][k])
			}
		}
		if r.last = r.m.compiled.results(); len(r.last) == 0 {
			r.last = nil
		}
		n := 0
		for _, values := range last {
			for _, v := range values {
				r.last[n].value = v
				n++
			}
		}
	}, nil
}

// resume sets the order of the samples to where a saved run was.
func (o *order) resume(p position, seed uint64) {
	o.seed, o.epoch = seed, p.pass
	if o.endless {
		o.at = p.at
	}
	if p.pass > 0 {
		o.epoch--
		o.restart()
		o.at = p.at
	}
}

var _ callbacks.Resumable = (*session)(nil)
