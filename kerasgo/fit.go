package keras

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// Silent is the value of Verbose for Python's verbose=0: no output at all. (Zero
// is Keras's "auto".)
const Silent = -1

// Data is a data set for validation: as many arrays as the model has inputs,
// outputs and, optionally, sample weights.
type Data struct{ X, Y, SampleWeight any }

// Fit holds the arguments of Model.Fit. Zero means Keras's default.
type Fit struct {
	// BatchSize is the number of samples of a step; zero means 32, or, with
	// StepsPerEpoch, what makes that many steps.
	BatchSize int `keras:"batch_size,min=0"`
	// Epochs is the number of the last epoch; zero means 1.
	Epochs int `keras:"epochs,default=1,min=0"`
	// Verbose is 1 for a progress bar, 2 for a line an epoch, Silent for nothing;
	// zero means 1. Where output is no terminal, 1 prints lines too.
	Verbose int `keras:"verbose,zero=-1"`
	// Callbacks are callbacks values or the user's own, called in order.
	Callbacks []any `keras:"callbacks,kind=callback"`
	// ValidationSplit is the share of the samples, taken from the end before any
	// shuffling, to validate on.
	ValidationSplit float64 `keras:"validation_split,min=0,max=1"`
	// ValidationData is what to validate on after an epoch; it has precedence over
	// ValidationSplit.
	ValidationData Data
	// Shuffle is true (or nil) to permute the samples anew for every epoch, false
	// to take them in order, "batch" to permute within each batch.
	Shuffle any `keras:"shuffle"`
	// ClassWeight weighs samples in the loss by their class; other classes weigh 1.
	ClassWeight map[int]float64 `keras:"class_weight"`
	// SampleWeight has a weight for every sample, or for every step of every sample.
	SampleWeight any
	// InitialEpoch is the number of the first epoch, to go on with an earlier run.
	InitialEpoch int `keras:"initial_epoch,min=0"`
	// StepsPerEpoch is the number of batches of an epoch; zero means all there are.
	// The next epoch goes on where the last one ended.
	StepsPerEpoch int `keras:"steps_per_epoch,min=0"`
	// ValidationSteps is the number of batches to validate on; zero means all.
	ValidationSteps int `keras:"validation_steps,min=0"`
	// ValidationBatchSize is the batch size of validation; zero means BatchSize.
	ValidationBatchSize int `keras:"validation_batch_size,min=0"`
	// ValidationFreq is n to validate every n epochs, or a []int of epoch numbers,
	// counted from 1; nil means every epoch.
	ValidationFreq any `keras:"validation_freq"`
	// Context, when it is cancelled, ends training after the batch being run; Fit
	// returns the history so far with the context's error.
	Context context.Context
	// Out is where progress and messages go; nil means standard output.
	Out io.Writer
}

// History is what Fit returns: the epochs' numbers and logs.
type History = callbacks.History

// Fit trains the model: x and y are a *tensor.Tensor each, or, for several inputs
// or outputs, []*tensor.Tensor or map[string]*tensor.Tensor. The first axis counts
// samples. Or x is a Dataset (or a PyDataset) that makes batches, and y is nil. The history holds the loss and the metrics of every epoch, and with
// validation the same under val_ names.
func (m *Model) Fit(x, y any, f Fit) (*History, error) {
	h, err := m.fit(x, y, f)
	if err != nil {
		return h, fmt.Errorf("keras: Fit: %w", withoutPrefix(err))
	}
	return h, nil
}

func (m *Model) fit(x, y any, f Fit) (h *History, err error) {
	defer recoverShape(&err)
	if err := m.ready(); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	if !m.fitting.TryLock() {
		return nil, errors.New("the model is being trained or evaluated already")
	}
	defer m.fitting.Unlock()
	feed, first, err := m.openDataset(x, y, f.SampleWeight)
	if err != nil {
		return nil, err
	}
	if err := m.buildFor(first.X); err != nil {
		return nil, err
	}
	train, val, err := m.fitData(first, feed, f)
	if err != nil {
		return nil, err
	}
	shuffle, err := shuffleMode(f.Shuffle)
	if err != nil {
		return nil, err
	}
	validate, err := validationEpochs(f.ValidationFreq)
	if err != nil {
		return nil, err
	}
	batch, steps, err := fitSteps(train, f.BatchSize, f.StepsPerEpoch)
	if err != nil {
		return nil, err
	}
	valBatch := f.ValidationBatchSize
	if valBatch == 0 {
		valBatch = batch
	}
	if valBatch == 0 {
		valBatch = 32
	}
	epochs := f.Epochs
	if epochs == 0 {
		epochs = 1
	}
	list, err := callbacks.NewList(f.Callbacks...)
	if err != nil {
		return nil, err
	}
	s := &session{model: m, out: writer(f.Out), params: callbacks.Params{Epochs: epochs, Steps: steps, Verbose: verbosity(f.Verbose)}}
	list, h = withHistory(list)
	list = withProgress(list, m.newProgress(s.out, f.Verbose, epochs, steps))
	list.SetModel(s)

	r, err := m.newRunner(modeTrain, train, batch)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if feed != nil && shuffle == withinBatches {
		shuffle = everySample
	}
	r.setOrder(batch, shuffle, m.seed)
	r.order.epoch = m.epochsDone
	s.train = r
	var validation *runner
	if val != nil {
		if validation, err = m.newRunner(modeTest, val, valBatch); err != nil {
			return nil, fmt.Errorf("validation data: %w", err)
		}
		defer validation.close()
		// Data that does not fit should be told of before the first epoch.
		if val.feed != nil {
			valBatch = val.n
		}
		if _, err := validation.stepper(min(valBatch, val.n)); err != nil {
			return nil, fmt.Errorf("validation data: %w", err)
		}
	}
	if err := list.OnTrainBegin(nil); err != nil {
		return h, err
	}
	if s.resumed {
		f.InitialEpoch = s.at.epoch
		r.order.resume(s.at, m.seed)
	}
	var logs callbacks.Logs
	for epoch := f.InitialEpoch; epoch < epochs; epoch++ {
		if s.at.batch == 0 { // else a backup goes on in the middle
			m.resetMetrics()
		}
		s.at.epoch = epoch
		if err := list.OnEpochBegin(epoch, nil); err != nil {
			return h, err
		}
		done, err := r.epoch(s, f.Context, steps, f.StepsPerEpoch > 0, list)
		if err != nil {
			return h, err
		}
		if done == 0 {
			break
		}
		logs = r.logs()
		m.epochsDone++
		s.at.epoch, s.at.batch = epoch+1, 0
		if validation != nil && validate(epoch) {
			v, err := validation.evaluate(s, f.Context, f.ValidationSteps, list)
			if err != nil {
				return h, err
			}
			for k, x := range v {
				logs["val_"+k] = x
			}
		}
		if err := list.OnEpochEnd(epoch, logs); err != nil {
			return h, err
		}
		if s.Stopped() {
			break
		}
	}
	if it := m.compiled.iteration; it != nil && it.Int32s()[0] > 0 {
		m.finalizeAverages()
	}
	return h, list.OnTrainEnd(logs)
}

// finalizeAverages gives the weights the moving averages of an optimizer with
// use_ema, as Keras does when training ends.
func (m *Model) finalizeAverages() {
	m.mu.Lock()
	defer m.mu.Unlock()
	cp := m.compiled
	for i, d := range cp.slotDefs {
		if d.Name == optimizers.AverageSlot && d.Var >= 0 {
			cp.vars[d.Var].tensor.CopyFrom(cp.slots[i])
		}
	}
	run.VariablesChanged()
}

// check refuses numbers that make no sense.
func (f Fit) check() error {
	if !(f.ValidationSplit >= 0 && f.ValidationSplit < 1) {
		return fmt.Errorf("validation_split must be at least 0 and below 1, got %v", f.ValidationSplit)
	}
	return errors.Join(
		notNegative("batch_size", f.BatchSize), notNegative("epochs", f.Epochs), notNegative("initial_epoch", f.InitialEpoch),
		notNegative("steps_per_epoch", f.StepsPerEpoch), notNegative("validation_steps", f.ValidationSteps),
		notNegative("validation_batch_size", f.ValidationBatchSize), checkVerbose(f.Verbose))
}

func notNegative(name string, v int) error {
	if v < 0 {
		return fmt.Errorf("%s must not be negative, got %d", name, v)
	}
	return nil
}

func checkVerbose(v int) error {
	if v < Silent || v > 2 {
		return fmt.Errorf("verbose must be 1, 2 or keras.Silent (0 means 1), got %d", v)
	}
	return nil
}
