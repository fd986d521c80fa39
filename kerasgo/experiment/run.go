package experiment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/spec"
)

// ErrInterrupted is the error of a run whose context was cancelled. What was
// trained until then has been saved.
var ErrInterrupted = errors.New("interrupted")

// Options are what a run does beside what its description says.
type Options struct {
	Progress io.Writer // progress and messages; nil means none
	Results  io.Writer // what was measured at the end; nil means nowhere
	Bar      string    // how progress looks: "" (what fit.verbose says), keras3, line, none
	NoSave   bool      // write no files
	Version  string    // of the program, for env.json
	Resume   string    // folder of an earlier run to go on from, with its model, optimizer and number of epochs
	Profile  bool      // measure where the time of training goes: printed to Results, and profile.txt and trace.json in the run's folder
}

// Result is what a run leaves behind.
type Result struct {
	Dir     string // run folder; empty with NoSave
	Model   *keras.Model
	History *keras.History
	Scores  []Score // of the section evaluate
	Profile []keras.Profile
}

// Run reads the data, makes the model, trains, evaluates and saves it, as far as
// the description has sections for that. The files of a run are in a new numbered
// folder; see RunFolder. When ctx is cancelled, training ends after the batch being run,
// what there is is saved, and the error is ErrInterrupted.
func (e *Experiment) Run(ctx context.Context, o Options) (*Result, error) {
	if err := e.Validate().Err(); err != nil {
		return nil, err
	}
	if e.Fit == nil {
		return nil, spec.Errors{fail(e.at("fit"), spec.CodeMissing, "there is no section fit")}
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	started := time.Now()
	e.seed()
	splits, err := e.LoadData()
	if err != nil {
		return nil, err
	}
	model, earlier, err := e.start(o.Resume)
	if err != nil {
		return nil, err
	}
	r := &Result{Model: model}
	var f *folder
	if !o.NoSave {
		if f, err = newFolder(e.RunFolder()); err != nil {
			return nil, err
		}
		r.Dir = f.dir
		defer f.close()
		if err := e.begin(f, o, started); err != nil {
			return r, err
		}
		if o.Resume != "" {
			if err := f.continueLog(o.Resume); err != nil {
				return r, err
			}
		}
	}
	model.SetProfiling(o.Profile)
	err = e.train(ctx, r, splits, f, o)
	if o.Profile {
		err = errors.Join(err, r.profile(f, o.Results))
	}
	if r.History != nil {
		prepend(r.History, earlier)
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = ErrInterrupted
		if f != nil && r.History != nil {
			err = errors.Join(err, model.Save(f.path(interrupted)))
		}
	}
	if f != nil && r.History != nil {
		err = errors.Join(err, f.saveHistory(r.History, e.Fit.validates, e.Save))
	}
	if err != nil {
		return r, err
	}
	return r, e.finish(ctx, r, splits, f, o, started)
}

// start makes and compiles the model, or takes up that of an earlier run together
// with its history.
func (e *Experiment) start(resume string) (*keras.Model, *keras.History, error) {
	if resume != "" {
		return e.resume(resume)
	}
	model, errs := e.Build()
	if len(errs) > 0 {
		return nil, nil, errs
	}
	return model, nil, e.CompileModel(model)
}

// seed fixes the random numbers, to a seed of its own if the description has none.
func (e *Experiment) seed() {
	if e.Seed == nil {
		e.Seed = new(int(rand.Int32()))
	}
	keras.SetRandomSeed(*e.Seed)
}

// LoadData reads the data and checks that the splits that are used exist.
func (e *Experiment) LoadData() (*data.Splits, error) {
	if e.Data == nil {
		return nil, spec.Errors{fail(e.at("data"), spec.CodeMissing, "there is no section data")}
	}
	splits, err := e.Data.Load(e.Base)
	if err != nil {
		return nil, e.dataError(err)
	}
	need := func(name string, path ...string) error {
		if name == "" || splits.Get(name) != nil {
			return nil
		}
		return DataError{fail(e.section(path...).Pos, CodeFile, fmt.Sprintf("the data has no split %q", name), "it has: "+strings.Join(splits.Names(), ", "))}
	}
	if e.Fit != nil {
		err = need(e.Fit.ValidationData, "fit", "validation_data")
	}
	if e.Evaluate != nil {
		err = errors.Join(err, need(e.Evaluate.Data, "evaluate", "data"))
	}
	return splits, err
}

// train is fit.
func (e *Experiment) train(ctx context.Context, r *Result, splits *data.Splits, f *folder, o Options) error {
	args, err := e.fitArguments(splits, f, o)
	if err != nil {
		return err
	}
	args.Context, args.Out = ctx, o.Progress
	if err := e.adapt(r.Model, splits.Train.X, o.Progress); err != nil {
		return err
	}
	fmt.Fprintf(o.Progress, "Train on %s\n", describe(splits, e.Fit))
	r.History, err = r.Model.Fit(splits.Train.X, splits.Train.Y, args)
	return err
}

// adapt lets layers learn from the training data before training. Those of a model that
// comes from a file, or goes on, have learned.
func (e *Experiment) adapt(m *keras.Model, x any, progress io.Writer) error {
	names, adapts, err := e.Fit.adapt()
	if err != nil || !adapts {
		return err
	}
	if err := m.AdaptTo(x, names...); err != nil {
		return err
	}
	for _, l := range m.Layers() {
		if n, err := l.VocabularySize(); err == nil {
			fmt.Fprintf(progress, "%s has a vocabulary of %d\n", l.Name(), n)
		}
	}
	return nil
}

// describe tells the sizes of what is trained and validated on.
func describe(s *data.Splits, f *Fit) string {
	n := s.Train.Len()
	switch {
	case f.ValidationData != "":
		return fmt.Sprintf("%d samples, validate on %d", n, s.Get(f.ValidationData).Len())
	case f.ValidationSplit > 0:
		at := int(float64(n) * (1 - f.ValidationSplit))
		return fmt.Sprintf("%d samples, validate on %d", at, n-at)
	}
	return fmt.Sprintf("%d samples", n)
}

// fitArguments returns the arguments of Model.Fit.
func (e *Experiment) fitArguments(splits *data.Splits, f *folder, o Options) (keras.Fit, error) {
	s := e.Fit
	args := keras.Fit{
		BatchSize:           s.BatchSize,
		Epochs:              s.Epochs,
		Verbose:             keras.Silent, // the progress callback below writes
		ValidationSplit:     s.ValidationSplit,
		Shuffle:             s.Shuffle,
		ClassWeight:         s.ClassWeight,
		SampleWeight:        splits.Train.W,
		InitialEpoch:        s.InitialEpoch,
		StepsPerEpoch:       s.StepsPerEpoch,
		ValidationSteps:     s.ValidationSteps,
		ValidationBatchSize: s.ValidationBatchSize,
		ValidationFreq:      s.validationFreq(),
	}
	if v := splits.Get(s.ValidationData); v != nil {
		args.ValidationData = keras.Data{X: v.X, Y: v.Y, SampleWeight: v.W}
	}
	for _, c := range s.Callbacks {
		moved, writes := e.inFolder(c, f)
		if writes && f == nil {
			continue
		}
		args.Callbacks = append(args.Callbacks, moved)
	}
	steps := s.StepsPerEpoch
	if steps == 0 {
		n := splits.Train.Len()
		if s.ValidationData == "" && s.ValidationSplit > 0 {
			n = int(float64(n) * (1 - s.ValidationSplit))
		}
		batch := s.BatchSize
		if batch == 0 {
			batch = 32 // as Keras
		}
		steps = (n + batch - 1) / batch
	}
	if f != nil {
		args.Callbacks = append(args.Callbacks,
			&callbacks.CSVLogger{Filename: f.path(historyCSV), Append: o.Resume != ""},
			newProgress(f.log, "line", 0, s.Epochs, steps))
	}
	if p := newProgress(o.Progress, o.Bar, s.Verbose, s.Epochs, steps); p != nil {
		args.Callbacks = append(args.Callbacks, p)
	}
	return args, nil
}

// finish saves, evaluates and points latest at the run.
func (e *Experiment) finish(ctx context.Context, r *Result, splits *data.Splits, f *folder, o Options, started time.Time) error {
	if f != nil && e.Save != nil { // first, so that an interrupted evaluation loses nothing
		if err := f.saveModel(r.Model, e.Save); err != nil {
			return err
		}
	}
	if e.Evaluate != nil {
		var err error
		if r.Scores, err = e.Measure(ctx, r.Model, splits.Get(e.Evaluate.Data)); err != nil {
			return err
		}
		if o.Results != nil {
			WriteScores(o.Results, e.Evaluate.Data, r.Scores)
		}
	}
	if f == nil {
		return nil
	}
	if e.Evaluate != nil {
		WriteScores(f.log, e.Evaluate.Data, r.Scores)
	}
	if err := e.writeEnv(f, o, started, time.Since(started)); err != nil {
		return err
	}
	return f.setLatest()
}
