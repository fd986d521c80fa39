package keras

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/internal/progbar"
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
	switch {
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

// progress shows progress as Keras's ProgbarLogger does.
type progress struct {
	callbacks.Base
	progbar.Logger
	training bool
}

// newProgress returns nil when nothing is to be shown.
func (m *Model) newProgress(out io.Writer, verbose, epochs, steps int) *progress {
	p := &progress{training: epochs > 0, Logger: progbar.Logger{Out: out, Epochs: epochs, Steps: steps, Now: m.clock}}
	switch verbose {
	case 0, 1:
		p.Mode = progbar.Auto(out)
	case 2:
		p.Mode = progbar.Line
	default:
		return nil
	}
	return p
}

func (p *progress) OnEpochBegin(epoch int, _ callbacks.Logs) error { return p.EpochBegin(epoch) }

func (p *progress) OnTrainBatchEnd(batch int, logs callbacks.Logs) error {
	return p.BatchEnd(batch, progbar.Sorted(logs))
}

func (p *progress) OnEpochEnd(_ int, logs callbacks.Logs) error {
	// A learning rate that another callback added comes last, as in Keras.
	var rest []progbar.Log
	list := progbar.Sorted(logs)
	sorted := list[:0]
	for _, l := range list {
		if l.Name == "learning_rate" {
			rest = append(rest, l)
		} else {
			sorted = append(sorted, l)
		}
	}
	return p.EpochEnd(append(sorted, rest...))
}

func (p *progress) OnTestBegin(callbacks.Logs) error {
	if p.training {
		return nil
	}
	return p.EpochBegin(0)
}

func (p *progress) OnTestBatchEnd(batch int, logs callbacks.Logs) error {
	if p.training {
		return nil
	}
	return p.BatchEnd(batch, progbar.Sorted(logs))
}

func (p *progress) OnTestEnd(logs callbacks.Logs) error {
	if p.training {
		return nil
	}
	return p.EpochEnd(progbar.Sorted(logs))
}

func (p *progress) OnPredictBegin(callbacks.Logs) error { return p.EpochBegin(0) }

func (p *progress) OnPredictBatchEnd(batch int, _ callbacks.Logs) error {
	return p.BatchEnd(batch, nil)
}

func (p *progress) OnPredictEnd(callbacks.Logs) error { return p.EpochEnd(nil) }
