package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
)

// fitCommand trains.
func (a *app) fitCommand() *cobra.Command {
	var o overrides
	var bar, dir, resume string
	var epochs, batch int
	var dry, noSave, profile bool
	c := &cobra.Command{
		Use:   "fit FILE",
		Short: "Train: data, model, compile, fit, evaluate, save",
		Long: "Fit does what a spec file says, from reading the data to saving the model.\n\n" +
			"The files of every run are in a new numbered folder, runs/NAME/1 and so on. Ctrl-C finishes the batch and saves; twice stops.",
		Example: "  kerasgo fit mnist_cnn.yaml --set fit.epochs=3 --set compile.optimizer.learning_rate=3e-4",
		Args:    exactArgs(1, "one spec file"),
		RunE: func(c *cobra.Command, args []string) error {
			if bar != "" && !slices.Contains(experiment.Bars, bar) {
				return usagef("--bar %s: there are %s", bar, strings.Join(experiment.Bars, ", "))
			}
			for _, f := range []struct{ flag, text string }{
				{"epochs", fmt.Sprintf("fit.epochs=%d", epochs)}, {"batch-size", fmt.Sprintf("fit.batch_size=%d", batch)}, {"run-dir", fmt.Sprintf("run.dir=%q", dir)},
			} {
				if c.Flags().Changed(f.flag) {
					o.add("--"+f.flag, f.text)
				}
			}
			e, err := a.check(args[0], &o, "nothing was trained")
			if err != nil {
				return err
			}
			if dry {
				a.note("%s: ok; nothing was trained", args[0])
				return nil
			}
			return a.fit(c, e, experiment.Options{Bar: bar, NoSave: noSave, Resume: resume, Profile: profile})
		},
	}
	o.flags(c)
	c.Flags().IntVar(&epochs, "epochs", 0, "short for --set fit.epochs=")
	c.Flags().IntVar(&batch, "batch-size", 0, "short for --set fit.batch_size=")
	c.Flags().StringVar(&dir, "run-dir", "", "short for --set run.dir=")
	c.Flags().StringVar(&resume, "resume", "", "folder of a run to go on from, such as runs/mnist_cnn/3, up to fit.epochs")
	c.Flags().StringVar(&bar, "bar", "", "progress: keras3, line, none; by default what fit.verbose says, on a terminal a bar")
	c.Flags().BoolVar(&dry, "dry-run", false, "check everything, train nothing")
	c.Flags().BoolVar(&noSave, "no-save", false, "write no files; callbacks that do are left out")
	c.Flags().BoolVar(&profile, "profile", false, "after training show where time went; with a trace for chrome://tracing in the run's folder")
	_ = c.RegisterFlagCompletionFunc("bar", cobra.FixedCompletions(experiment.Bars, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (a *app) fit(c *cobra.Command, e *experiment.Experiment, o experiment.Options) error {
	o.Progress, o.Results, o.Version = a.progress(), a.out, version()
	if os.Getenv("GOGC") == "" { // data sets fill the heap and training makes little garbage: let it not grow to twice the data
		debug.SetGCPercent(20)
	}
	if a.quiet {
		o.Bar = "none"
	}
	if a.verbose && !a.quiet {
		if err := a.preview(e); err != nil {
			return err
		}
	}
	a.saving.Store(!o.NoSave)
	r, err := e.Run(c.Context(), o)
	if r != nil && r.Dir != "" {
		switch {
		case errors.Is(err, experiment.ErrInterrupted):
			fmt.Fprintf(a.err, "saved until the interruption: %s\n", r.Dir)
		case err == nil:
			a.note("saved: %s", r.Dir)
		}
	}
	return err
}

// preview prints the table of layers before training.
func (a *app) preview(e *experiment.Experiment) error {
	m, errs := e.BuildFor()
	if len(errs) > 0 {
		return errs
	}
	return m.SummaryWith(keras.SummaryOptions{Out: a.err, Color: a.colored(a.err)})
}
