package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
)

// evaluateCommand measures a trained model.
func (a *app) evaluateCommand() *cobra.Command {
	var o overrides
	var from, weights string
	var batch int
	c := &cobra.Command{
		Use:   "evaluate FILE|RUN|MODEL",
		Short: "Measure loss and metrics on a split of the data",
		Long: "Evaluate measures a trained model: the last run of a spec FILE, the RUN in a folder such as runs/mnist_cnn/3, or a MODEL file.\n\n" +
			"A model file knows no data: --data says where it is, as the name of a spec file, with the split after a colon: --data mnist_cnn.yaml:test.",
		Args: exactArgs(1, "a spec file, the folder of a run, or a model file"),
		RunE: func(c *cobra.Command, args []string) error {
			if c.Flags().Changed("batch-size") {
				o.add("--batch-size", fmt.Sprintf("evaluate.batch_size=%d", batch))
			}
			e, model, split, err := a.trained(args[0], from, weights, &o)
			if err != nil {
				return err
			}
			splits, err := e.LoadData()
			if err != nil {
				return err
			}
			s := splits.Get(split)
			if s == nil {
				return usagef("the data has no split %q; it has %s", split, strings.Join(splits.Names(), ", "))
			}
			scores, err := e.Measure(c.Context(), model, s)
			if err != nil {
				return err
			}
			experiment.WriteScores(a.out, split, scores)
			return nil
		},
	}
	o.flags(c)
	c.Flags().StringVar(&from, "data", "", "split: train, validation or test; for a model file, a spec file and a split: FILE:SPLIT")
	c.Flags().StringVar(&weights, "weights", "", "weights to load into the spec's model instead of its last run")
	c.Flags().IntVar(&batch, "batch-size", 0, "samples per step")
	return c
}

// trained finds the model that an argument of evaluate names, the experiment with
// its data, and the split to measure on.
func (a *app) trained(arg, from, weights string, o *overrides) (*experiment.Experiment, *keras.Model, string, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, nil, "", invalidError{plainPathError(err)}
	}
	specFile, modelFile, split := arg, "", from
	if info.IsDir() && isRun(arg) {
		specFile = filepath.Join(arg, "resolved.yaml")
	} else if text, err := isText(arg); err != nil {
		return nil, nil, "", err
	} else if !text {
		specFile, modelFile = from, arg
		if i := strings.LastIndexByte(from, ':'); i > 0 {
			specFile, split = from[:i], from[i+1:]
		} else {
			split = ""
		}
		if specFile == "" {
			return nil, nil, "", usagef("a model file knows no data; say where it is: --data FILE.yaml:test")
		}
	}
	e, err := a.parse(specFile, o, "nothing was measured")
	if err != nil {
		return nil, nil, "", err
	}
	if split == "" {
		split = "test"
		if e.Evaluate != nil && e.Evaluate.Data != "" {
			split = e.Evaluate.Data
		}
	}
	if e.Evaluate != nil {
		e.Evaluate.Data = "" // this split decides
	}
	e.Fit = nil // so that its splits are not asked for
	switch {
	case weights != "":
		m, err := a.withWeights(e, weights)
		return e, m, split, err
	case info.IsDir() && isRun(arg):
		if modelFile, err = e.RunModel(arg); err != nil {
			return nil, nil, "", err
		}
		e.Base = dataBase(arg, e.Base)
	case modelFile == "":
		run, err := experiment.Latest(e.RunFolder())
		if err != nil {
			return nil, nil, "", fmt.Errorf("%w; train first: kerasgo fit %s, or give --weights", err, arg)
		}
		if modelFile, err = e.RunModel(run); err != nil {
			return nil, nil, "", err
		}
	}
	a.note("model: %s", modelFile)
	m, err := a.load(modelFile)
	if err != nil {
		return nil, nil, "", err
	}
	if e.Compile != nil { // the spec's metrics, which may have been changed by --set
		err = e.CompileModel(m)
	}
	return e, m, split, err
}

// isRun tells whether a folder is that of a run rather than an unpacked model.
func isRun(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "resolved.yaml"))
	return err == nil
}

// withWeights makes the spec's model with weights from a file.
func (a *app) withWeights(e *experiment.Experiment, file string) (*keras.Model, error) {
	m, errs := e.BuildFor()
	if len(errs) > 0 {
		return nil, errs
	}
	if err := m.LoadWeights(file); err != nil {
		return nil, invalidError{err}
	}
	return m, e.CompileModel(m)
}

// dataBase returns the folder that data paths of a run start from, which begin
// wrote into its environment file.
func dataBase(run, fallback string) string {
	if base := experiment.BaseOf(run); base != "" {
		return base
	}
	return fallback
}
