package callbacks

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/tfevents"
	"github.com/kerasgo/kerasgo/spec"
)

// TensorBoard writes files that TensorBoard shows: in log_dir/train the losses and
// metrics of every epoch as epoch_…, with the learning rate, and on request those of
// batches as batch_…, weights as histograms and images, and steps per second; in
// log_dir/validation what validation and Evaluate yield, as epoch_… and as
// evaluation_…_vs_iterations. Tags and steps are those of Keras.
//
// Of the graph it writes the layers; a graph of TensorFlow's ops does not exist here.
type TensorBoard struct {
	Base `keras:"-"`
	// folder of the files
	LogDir string `keras:"log_dir,pos,default=logs"`
	// write histograms of the weights every so many epochs; 0 means never
	HistogramFreq int `keras:"histogram_freq,default=0,min=0"`
	// write the graph of layers
	WriteGraph *bool `keras:"write_graph,default=true"`
	// with the histograms, write weights as images too
	WriteImages bool `keras:"write_images"`
	// write how many steps a second are done
	WriteStepsPerSecond bool `keras:"write_steps_per_second"`
	// "epoch", "batch", or a number of batches after which their logs are written
	UpdateFreq any `keras:"update_freq,default=epoch"`
	// must be 0: profiles of kerasgo are made by `kerasgo fit --profile`
	ProfileBatch any `keras:"profile_batch,default=0"`
	// must be 0: the projector is not supported
	EmbeddingsFreq int `keras:"embeddings_freq,default=0"`
	// must be nil, as embeddings_freq
	EmbeddingsMetadata any `keras:"embeddings_metadata"`

	every      int // batches; 0 means epochs
	train      *tfevents.Writer
	validation *tfevents.Writer
	training   bool
	batches    int // of training, in this run
	tests      int // batches of evaluation, in this run
	steps      int // before the epoch
	began      time.Time
	batchBegan time.Time
	now        func() time.Time
}

func init() { spec.Register[TensorBoard]("keras.callbacks") }

// Inspected is a Model of which TensorBoard shows more than the logs.
type Inspected interface {
	// ToJSON returns the model's configuration.
	ToJSON() (string, error)
	// Iterations returns how many steps the optimizer has done.
	Iterations() int
	// EachWeight calls f for every weight, with its path in Keras.
	EachWeight(f func(path string, w *tensor.Tensor) error) error
}

func (t *TensorBoard) check() error {
	t.now = time.Now
	switch f := t.UpdateFreq.(type) {
	case string:
		switch f {
		case "epoch":
		case "batch":
			t.every = 1
		default:
			return fmt.Errorf("update_freq wants \"epoch\", \"batch\" or a number of batches, got %q", f)
		}
	case int:
		if f < 1 {
			return fmt.Errorf("update_freq wants at least 1, got %d", f)
		}
		t.every = f
	default:
		return fmt.Errorf("update_freq wants \"epoch\", \"batch\" or a number of batches, got %v", f)
	}
	switch {
	case t.ProfileBatch != 0:
		return fmt.Errorf("profile_batch is not supported and must be 0, got %v", t.ProfileBatch)
	case t.EmbeddingsFreq != 0:
		return fmt.Errorf("embeddings_freq is not supported and must be 0, got %d", t.EmbeddingsFreq)
	case t.EmbeddingsMetadata != nil:
		return errors.New("embeddings_metadata is not supported")
	}
	return nil
}

// SetModel forgets an earlier run.
func (t *TensorBoard) SetModel(m Model) {
	t.Base.SetModel(m)
	t.train, t.validation, t.training = nil, nil, false
}

// open makes the file of the training part, or of the validation part.
func (t *TensorBoard) open(w **tfevents.Writer, part string) error {
	if *w != nil {
		return nil
	}
	var err error
	if *w, err = tfevents.Create(filepath.Join(t.LogDir, part)); err != nil {
		*w = nil
		return fmt.Errorf("TensorBoard: log_dir: %w", err)
	}
	return nil
}

// start writes the graph, once a run.
func (t *TensorBoard) start() error {
	if !*t.WriteGraph || t.train != nil {
		return nil
	}
	m, ok := t.Model().(Inspected)
	if !ok {
		return nil
	}
	json, err := m.ToJSON()
	if err != nil {
		t.warn("TensorBoard: the model has no configuration: %v", err)
		return nil
	}
	if err := t.open(&t.train, "train"); err != nil {
		return err
	}
	return t.train.Model("keras", 0, json)
}

// OnTrainBegin opens the file of training.
func (t *TensorBoard) OnTrainBegin(Logs) error {
	t.training, t.batches, t.steps = true, 0, 0
	if err := t.start(); err != nil {
		return err
	}
	return t.open(&t.train, "train")
}

// OnTrainEnd closes the files.
func (t *TensorBoard) OnTrainEnd(Logs) error { return t.close() }

func (t *TensorBoard) close() error {
	var errs []error
	for _, w := range []**tfevents.Writer{&t.train, &t.validation} {
		if *w != nil {
			errs = append(errs, (*w).Close())
			*w = nil
		}
	}
	return errors.Join(errs...)
}

// OnTrainBatchBegin counts.
func (t *TensorBoard) OnTrainBatchBegin(int, Logs) error {
	t.batches++
	if t.WriteStepsPerSecond {
		t.batchBegan = t.now()
	}
	return nil
}

// OnTrainBatchEnd writes the logs when it is time.
func (t *TensorBoard) OnTrainBatchEnd(_ int, logs Logs) error {
	if t.every == 0 || t.batches%t.every != 0 {
		return nil
	}
	step := int64(t.batches)
	if t.WriteStepsPerSecond {
		if err := t.train.Scalar("batch_steps_per_second", step, 1/t.now().Sub(t.batchBegan).Seconds()); err != nil {
			return err
		}
	}
	for _, k := range ordered(logs) {
		if err := t.train.Scalar("batch_"+k, step, logs[k]); err != nil {
			return err
		}
	}
	return nil
}

// OnTestBegin opens the file of validation.
func (t *TensorBoard) OnTestBegin(Logs) error {
	if err := t.start(); err != nil {
		return err
	}
	return t.open(&t.validation, "validation")
}

// OnTestBatchBegin counts.
func (t *TensorBoard) OnTestBatchBegin(int, Logs) error {
	t.tests++
	return nil
}

// OnTestEnd writes what was evaluated.
func (t *TensorBoard) OnTestEnd(logs Logs) error {
	if m, ok := t.Model().(Inspected); ok && (t.every == 0 || t.tests%t.every == 0) {
		for _, k := range ordered(logs) {
			if err := t.validation.Scalar("evaluation_"+k+"_vs_iterations", int64(m.Iterations()), logs[k]); err != nil {
				return err
			}
		}
	}
	if t.training {
		return nil
	}
	return t.close()
}

// OnPredictBegin writes the graph.
func (t *TensorBoard) OnPredictBegin(Logs) error { return t.start() }

// OnPredictEnd closes the file.
func (t *TensorBoard) OnPredictEnd(Logs) error {
	if t.training {
		return nil
	}
	return t.close()
}

// OnEpochBegin takes the time.
func (t *TensorBoard) OnEpochBegin(int, Logs) error {
	if m, ok := t.Model().(Inspected); ok {
		t.steps = m.Iterations()
	}
	t.began = t.now()
	return nil
}

// OnEpochEnd writes the logs, and weights when it is time.
func (t *TensorBoard) OnEpochEnd(epoch int, logs Logs) error {
	if t.every == 0 || t.batches%t.every == 0 { // Keras leaves out epochs that end between
		if err := t.epoch(int64(epoch), logs); err != nil {
			return err
		}
		if t.HistogramFreq > 0 && epoch%t.HistogramFreq == 0 {
			if err := t.weights(int64(epoch)); err != nil {
				return err
			}
		}
	}
	for _, w := range []*tfevents.Writer{t.train, t.validation} {
		if w != nil {
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *TensorBoard) epoch(epoch int64, logs Logs) error {
	if len(logs) == 0 {
		return nil
	}
	for _, k := range ordered(logs) {
		w, name := t.train, k
		if rest, ok := strings.CutPrefix(k, "val_"); ok {
			if err := t.open(&t.validation, "validation"); err != nil {
				return err
			}
			w, name = t.validation, rest
		}
		if k == "learning_rate" {
			continue // written below in any case
		}
		if err := w.Scalar("epoch_"+name, epoch, logs[k]); err != nil {
			return err
		}
	}
	if rate, err := t.Model().LearningRate(); err == nil {
		if err := t.train.Scalar("epoch_learning_rate", epoch, rate); err != nil {
			return err
		}
	}
	if m, ok := t.Model().(Inspected); ok && t.WriteStepsPerSecond {
		rate := float64(m.Iterations()-t.steps) / t.now().Sub(t.began).Seconds()
		return t.train.Scalar("epoch_steps_per_second", epoch, rate)
	}
	return nil
}

// weights writes histograms, and images of what can be drawn.
func (t *TensorBoard) weights(epoch int64) error {
	m, ok := t.Model().(Inspected)
	if !ok {
		return nil
	}
	return m.EachWeight(func(path string, w *tensor.Tensor) error {
		path = strings.ReplaceAll(path, ":", "_")
		values := w.Cast(tensor.Float32)
		if err := t.train.Histogram(path+"/histogram", epoch, values.Float32s()); err != nil || !t.WriteImages {
			return err
		}
		return t.train.Images(path+"/image", epoch, weightImages(values))
	})
}

var _ Callback = (*TensorBoard)(nil)
