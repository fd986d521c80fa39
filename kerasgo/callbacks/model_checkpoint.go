package callbacks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// ModelCheckpoint saves the model or its weights after every epoch, or every so many
// batches, always or only when a value of the logs has improved.
//
// The path may hold placeholders in Python's format syntax: {epoch} (from 1), {batch}
// and every name in the logs, such as "m-{epoch:02d}-{val_loss:.2f}.keras".
type ModelCheckpoint struct {
	Base `keras:"-"`
	// file to write: *.keras or *.h5; *.weights.h5 for weights only
	Filepath string `keras:"filepath,pos,required"`
	// name in the logs, for SaveBestOnly
	Monitor string `keras:"monitor,default=val_loss"`
	// 1 prints what is saved
	Verbose int `keras:"verbose,default=0"`
	// save only when the value is better than ever before
	SaveBestOnly bool `keras:"save_best_only"`
	// save the weights without the model
	SaveWeightsOnly bool `keras:"save_weights_only"`
	// whether the value should fall or rise; auto asks the metric
	Mode string `keras:"mode,default=auto,enum=auto|min|max"`
	// "epoch", or a number of batches
	SaveFreq any `keras:"save_freq,default=epoch"`
	// value that the first save must improve on; nil means any
	InitialValueThreshold *float64 `keras:"initial_value_threshold"`

	monitor   monitor
	best      *float64
	epoch     int
	every     int // batches; 0 means epochs
	seen      int // batches since the last save
	lastBatch int
}

func init() { spec.Register[ModelCheckpoint]("keras.callbacks") }

func (m *ModelCheckpoint) check() error {
	every, err := saveFreq(m.SaveFreq)
	if err != nil {
		return err
	}
	m.every = every
	switch {
	case m.SaveWeightsOnly && !strings.HasSuffix(m.Filepath, ".weights.h5"):
		return fmt.Errorf("filepath %q must end in .weights.h5 to save weights only", m.Filepath)
	case !strings.HasSuffix(m.Filepath, ".keras") && !strings.HasSuffix(m.Filepath, ".h5"):
		return fmt.Errorf("filepath %q must end in .keras or .h5", m.Filepath)
	}
	m.best, m.lastBatch = m.InitialValueThreshold, -1
	return nil
}

// OnEpochBegin notes the epoch.
func (m *ModelCheckpoint) OnEpochBegin(epoch int, _ Logs) error {
	m.epoch = epoch
	return nil
}

// OnTrainBatchEnd saves when it is time.
func (m *ModelCheckpoint) OnTrainBatchEnd(batch int, logs Logs) error {
	if m.every == 0 {
		return nil
	}
	if batch <= m.lastBatch { // a new epoch
		m.lastBatch = -1
	}
	m.seen += batch - m.lastBatch
	m.lastBatch = batch
	if m.seen < m.every {
		return nil
	}
	m.seen = 0
	return m.save(m.epoch, batch, logs)
}

// OnEpochEnd saves when it is time.
func (m *ModelCheckpoint) OnEpochEnd(epoch int, logs Logs) error {
	if err := m.start(); err != nil || m.every > 0 {
		return err
	}
	return m.save(epoch, -1, logs)
}

func (m *ModelCheckpoint) start() error {
	return m.monitor.start("ModelCheckpoint", m.Monitor, m.Mode, 0, m.Model())
}

func (m *ModelCheckpoint) save(epoch, batch int, logs Logs) error {
	values := map[string]any{"epoch": epoch + 1}
	if batch >= 0 {
		values["batch"] = batch + 1
	}
	for k, v := range logs {
		values[k] = v
	}
	path, err := pyFormat(m.Filepath, values)
	if err != nil {
		return fmt.Errorf("ModelCheckpoint: filepath %q: %w", m.Filepath, err)
	}
	if ok, err := m.wanted(epoch, logs, path); !ok || err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("ModelCheckpoint: filepath %q is a directory", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("ModelCheckpoint: %w", err)
	}
	write := m.Model().Save
	if m.SaveWeightsOnly {
		write = m.Model().SaveWeights
	}
	if err := write(path); err != nil {
		return err
	}
	if m.Verbose > 0 {
		m.printf("\nEpoch %d: finished saving model to %s", epoch+1, path)
	}
	return nil
}

// wanted decides whether to save, and says so.
func (m *ModelCheckpoint) wanted(epoch int, logs Logs, path string) (bool, error) {
	say := func(format string, args ...any) {
		if m.Verbose > 0 {
			m.printf("\nEpoch %d: "+format, append([]any{epoch + 1}, args...)...)
		}
	}
	if !m.SaveBestOnly {
		say("saving model to %s", path)
		return true, nil
	}
	if err := m.start(); err != nil {
		return false, err
	}
	current, ok := logs[m.Monitor]
	if !ok {
		m.warn("ModelCheckpoint looks at %q, which is not in the logs: it saves the model as it is", m.Monitor)
		return true, nil
	}
	was := "None"
	if m.best != nil {
		was = fmt.Sprintf("%.5f", *m.best)
	}
	if !m.monitor.improved(current, m.best) {
		say("%s did not improve from %s", m.Monitor, was)
		return false, nil
	}
	say("%s improved from %s to %.5f, saving model to %s", m.Monitor, was, current, path)
	m.best = &current
	return true, nil
}

var _ Callback = (*ModelCheckpoint)(nil)
