package experiment

import (
	"io"

	"github.com/kerasgo/kerasgo/internal/progbar"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
)

// Bars are the ways progress can look.
var Bars = []string{"keras3", "line", "none"}

// progress writes the progress of training.
type progress struct {
	callbacks.Base
	logger progbar.Logger
}

// newProgress returns nil if nothing is to be written. The bar decides, or, where
// it is "", the argument verbose.
func newProgress(out io.Writer, bar string, verbose, epochs, steps int) *progress {
	p := &progress{logger: progbar.Logger{Out: out, Epochs: epochs, Steps: steps}}
	switch {
	case bar == "none", bar == "" && verbose < 0:
		return nil
	case bar == "line", bar == "" && verbose == 2:
		p.logger.Mode = progbar.Line
	case bar == "keras3":
		p.logger.Mode = progbar.Dynamic
	default:
		p.logger.Mode = progbar.Auto(out)
	}
	return p
}

func (p *progress) OnEpochBegin(epoch int, _ callbacks.Logs) error {
	return p.logger.EpochBegin(epoch)
}

func (p *progress) OnTrainBatchEnd(batch int, logs callbacks.Logs) error {
	return p.logger.BatchEnd(batch, progbar.Sorted(logs))
}

func (p *progress) OnEpochEnd(_ int, logs callbacks.Logs) error {
	rate, ok := logs["learning_rate"]
	var list []progbar.Log
	for _, l := range progbar.Sorted(logs) {
		if l.Name != "learning_rate" {
			list = append(list, l)
		}
	}
	if ok { // added by another callback: last, as in Keras
		list = append(list, progbar.Log{Name: "learning_rate", Value: rate})
	}
	return p.logger.EpochEnd(list)
}
