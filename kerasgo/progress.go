package keras

import (
	"io"
	"slices"

	"github.com/kerasgo/kerasgo/internal/progbar"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// withHistory returns the History among the callbacks, or adds one.
func withHistory(list callbacks.List) (callbacks.List, *History) {
	for _, c := range list {
		if h, ok := c.(*History); ok {
			return list, h
		}
	}
	h := &History{}
	return append(list, h), h
}

// withProgress puts the progress where a ProgbarLogger stands for it, or last; nil
// means that nothing is shown.
func withProgress(list callbacks.List, p *progress) callbacks.List {
	at := slices.IndexFunc(list, func(c callbacks.Callback) bool {
		_, ok := c.(*callbacks.ProgbarLogger)
		return ok
	})
	switch {
	case p == nil:
	case at < 0:
		list = append(list, p)
	default:
		list[at] = p
	}
	return list
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
