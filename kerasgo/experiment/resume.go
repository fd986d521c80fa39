package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/spec"
)

// interrupted is the model that a run saves when it is interrupted.
const interrupted = "interrupted.keras"

// RunModel returns the file in which a run of this experiment has saved its model.
func (e *Experiment) RunModel(run string) (string, error) {
	var candidates []string
	if e.Save != nil && e.Save.Model != "" {
		candidates = append(candidates, e.Save.Model)
	}
	for _, f := range append(candidates, interrupted) {
		file := filepath.Join(run, f)
		if _, err := os.Stat(file); err == nil {
			return file, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("%s holds no model; the spec needs save: {model: …}", run)
}

// resume loads the model of an earlier run, with its optimizer, and its history, and
// lets training go on after its last epoch. The order of the samples starts anew.
func (e *Experiment) resume(run string) (*keras.Model, *keras.History, error) {
	if _, err := os.Stat(filepath.Join(run, "resolved.yaml")); err != nil {
		hint := ""
		if latest, err := Latest(run); err == nil {
			hint = "; did you mean " + latest + "?"
		}
		return nil, nil, fmt.Errorf("%s is not the folder of a run%s", run, hint)
	}
	file, err := e.RunModel(run)
	if err != nil {
		return nil, nil, err
	}
	h, err := readHistory(filepath.Join(run, "history.json"))
	if err != nil {
		return nil, nil, err
	}
	if len(h.Epoch) >= e.Fit.Epochs {
		return nil, nil, fmt.Errorf("%s has trained %d epochs already; fit.epochs is %d", run, len(h.Epoch), e.Fit.Epochs)
	}
	m, err := keras.LoadModel(file)
	if err != nil {
		return nil, nil, err
	}
	if _, err := m.LearningRate(); err != nil { // saved without its optimizer
		return nil, nil, fmt.Errorf("%s can't be resumed: %w", file, err)
	}
	e.Fit.InitialEpoch = len(h.Epoch)
	return m, h, nil
}

// readHistory reads a history.json.
func readHistory(file string) (*keras.History, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	n, errs := spec.Parse(file, text)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	h := &keras.History{History: map[string][]float64{}}
	for _, p := range n.Pairs {
		var values []float64
		for _, item := range p.Val.Items {
			v, ok := item.Float()
			if !ok {
				return nil, fmt.Errorf("%s: %s holds what is no number", item.Pos, p.Key.Value)
			}
			values = append(values, v)
		}
		h.History[p.Key.Value] = values
	}
	for i := range h.History["loss"] {
		h.Epoch = append(h.Epoch, i)
	}
	return h, nil
}

// historyCSV is the log of a run, a line an epoch.
const historyCSV = "history.csv"

// continueLog copies the log of an earlier run, to which this one adds its epochs.
func (f *folder) continueLog(run string) error {
	text, err := os.ReadFile(filepath.Join(run, historyCSV))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.write(historyCSV, text)
}

// prepend puts an earlier history before h.
func prepend(h, earlier *keras.History) {
	if earlier == nil {
		return
	}
	h.Epoch = append(earlier.Epoch, h.Epoch...)
	for k, v := range earlier.History {
		h.History[k] = append(v, h.History[k]...)
	}
}
