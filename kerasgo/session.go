package keras

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers/schedules"
)

// session is one run of Fit, Evaluate or Predict, as callbacks see it.
type session struct {
	model  *Model
	out    io.Writer
	params callbacks.Params
	stop   atomic.Bool

	train   *runner  // of Fit
	at      position // of Fit
	resumed bool     // at was read from a backup
}

func writer(w io.Writer) io.Writer {
	if w == nil {
		return os.Stdout
	}
	return w
}

// verbosity turns the Verbose argument into Python's.
func verbosity(v int) int {
	switch v {
	case 0:
		return 1
	case Silent:
		return 0
	}
	return v
}

// StopTraining ends the run after the current batch's epoch.
func (s *session) StopTraining() { s.stop.Store(true) }

// Stopped reports whether StopTraining was called.
func (s *session) Stopped() bool { return s.stop.Load() }

// LearningRate returns the optimizer's learning rate.
func (s *session) LearningRate() (float64, error) { return s.model.LearningRate() }

// SetLearningRate changes the optimizer's learning rate.
func (s *session) SetLearningRate(rate float64) error { return s.model.SetLearningRate(rate) }

// Save writes the model.
func (s *session) Save(path string) error { return s.model.Save(path) }

// SaveWeights writes the weights.
func (s *session) SaveWeights(path string) error { return s.model.SaveWeights(path) }

// Weights returns copies of the weights.
func (s *session) Weights() []*tensor.Tensor { return s.model.GetWeights() }

// SetWeights puts weights back.
func (s *session) SetWeights(w []*tensor.Tensor) error { return s.model.SetWeights(w) }

// MetricDirection tells whether a metric should rise.
func (s *session) MetricDirection(name string) (maximize, known bool) {
	if name == "loss" || strings.HasSuffix(name, "_loss") {
		return false, true
	}
	for _, b := range s.model.compiled.metrics {
		if b.name == name {
			return metrics.Direction(b.Metric)
		}
	}
	return false, false
}

// Params describes the run.
func (s *session) Params() callbacks.Params { return s.params }

// Out is where messages go.
func (s *session) Out() io.Writer { return s.out }

// Warn prints a warning to standard error.
func (s *session) Warn(msg string) { fmt.Fprintln(os.Stderr, "kerasgo: warning:", msg) }

// LearningRate returns the learning rate that the optimizer would use now.
func (m *Model) LearningRate() (float64, error) {
	if m.compiled == nil {
		return 0, errors.New("keras: the model is not compiled")
	}
	rate, schedule := optimizers.LearningRate(m.compiled.optimizer)
	_, several := optimizers.Several(m.compiled.optimizer)
	switch {
	case several:
		return 0, errors.New("keras: the optimizers of a MultiOptimizer each have their learning rate")
	case schedule != nil:
		step := 0
		if m.compiled.iteration != nil {
			step = int(m.compiled.iteration.Int32s()[0])
		}
		return schedules.At(schedule, step)
	case m.compiled.rate != nil:
		return float64(m.compiled.rate.Float32s()[0]), nil
	}
	return rate, nil
}

// SetLearningRate changes the learning rate of a compiled model from the next step
// on. It is an error when a schedule sets it.
func (m *Model) SetLearningRate(rate float64) error {
	if m.compiled == nil {
		return errors.New("keras: the model is not compiled")
	}
	if _, several := optimizers.Several(m.compiled.optimizer); several {
		return errors.New("keras: the optimizers of a MultiOptimizer each have their learning rate")
	}
	if _, schedule := optimizers.LearningRate(m.compiled.optimizer); schedule != nil {
		return errors.New("keras: the learning rate follows a schedule and cannot be set")
	}
	if !m.built {
		return errors.New("keras: the model is not built")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.buildOptimizer()
	m.compiled.rate.Float32s()[0] = float32(rate)
	return nil
}

// ToJSON returns the model's configuration.
func (s *session) ToJSON() (string, error) { return s.model.ToJSON() }

// Iterations returns how many steps the optimizer has done.
func (s *session) Iterations() int {
	if cp := s.model.compiled; cp != nil && cp.iteration != nil {
		return int(cp.iteration.Int32s()[0])
	}
	return 0
}

// EachWeight calls f for every weight of every layer.
func (s *session) EachWeight(f func(path string, w *tensor.Tensor) error) error {
	paths := s.model.filePaths()
	for _, l := range s.model.Layers() {
		for _, v := range l.Weights() {
			if err := f(paths[v], v.Value()); err != nil {
				return err
			}
		}
	}
	return nil
}

// averaged calls f for every weight that has a moving average, and that.
func (s *session) averaged(f func(weight, average *tensor.Tensor)) error {
	m := s.model
	m.mu.Lock()
	defer m.mu.Unlock()
	found := false
	if m.compiled == nil {
		return errors.New("SwapEMAWeights: the model is not compiled")
	}
	for i, d := range m.compiled.slotDefs {
		if d.Name == optimizers.AverageSlot && d.Var >= 0 {
			f(m.compiled.vars[d.Var].tensor, m.compiled.slots[i])
			found = true
		}
	}
	if !found {
		return errors.New("SwapEMAWeights wants an optimizer with use_ema that has been trained with")
	}
	run.VariablesChanged()
	return nil
}

// SwapAverages exchanges weights and their moving averages.
func (s *session) SwapAverages() error {
	return s.averaged(func(weight, average *tensor.Tensor) {
		old := weight.Clone()
		weight.CopyFrom(average)
		average.CopyFrom(old)
	})
}

// KeepWeights makes the moving averages equal to the weights.
func (s *session) KeepWeights() error {
	return s.averaged(func(weight, average *tensor.Tensor) { average.CopyFrom(weight) })
}

var (
	_ callbacks.Model     = (*session)(nil)
	_ callbacks.Averager  = (*session)(nil)
	_ callbacks.Inspected = (*session)(nil)
)
