package progbar

import (
	"fmt"
	"io"
	"time"
)

// Logger writes the progress of one fit, evaluate or predict as Keras's ProgbarLogger does: a bar per epoch and,
// with more than one epoch, a line "Epoch 1/10" before each. For evaluate and predict Epochs stays 0 and there is
// one EpochBegin and one EpochEnd.
type Logger struct {
	Out    io.Writer        // where to write; nil writes nothing
	Mode   Mode             // zero means Dynamic
	Epochs int              // number of the last epoch
	Steps  int              // steps per epoch; zero means unknown until the first epoch has ended
	Now    func() time.Time // the clock; nil means time.Now

	bar  *Bar
	seen int // steps done in this epoch
}

// EpochBegin starts an epoch, numbered from zero.
func (l *Logger) EpochBegin(epoch int) error {
	l.seen = 0
	l.bar = New(Options{Out: l.Out, Target: l.Steps, Mode: l.Mode, Now: l.Now})
	if l.Mode == Silent || l.Epochs <= 1 || l.Out == nil {
		return nil
	}
	_, err := fmt.Fprintf(l.Out, "Epoch %d/%d\n", epoch+1, l.Epochs)
	return err
}

// BatchEnd reports that batch, numbered from zero, is done. The logs are the running means of the epoch.
func (l *Logger) BatchEnd(batch int, logs []Log) error {
	l.seen = batch + 1
	if l.Mode == Line || l.Mode == Silent { // a line's rate is that of the whole epoch
		return nil
	}
	return l.bar.Update(l.seen, logs, false)
}

// EpochEnd shows the final values, those of the validation too, and ends the line.
func (l *Logger) EpochEnd(logs []Log) error {
	if l.Steps <= 0 {
		l.Steps = l.seen
		l.bar.SetTarget(l.seen)
	}
	return l.bar.Update(l.Steps, logs, true)
}
