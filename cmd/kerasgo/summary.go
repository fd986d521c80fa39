package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/kerasgo/kerasgo/io/kerasfile"
	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// summaryCommand prints Keras's table.
func (a *app) summaryCommand() *cobra.Command {
	var o overrides
	var s keras.SummaryOptions
	c := &cobra.Command{
		Use:   "summary FILE|MODEL",
		Short: "Print Keras's table of layers, shapes and parameters",
		Args:  exactArgs(1, "one spec or model file"),
		RunE: func(_ *cobra.Command, args []string) error {
			m, err := a.model(args[0], &o)
			if err != nil {
				return err
			}
			s.Out, s.Color = a.out, a.colored(a.out)
			if f, ok := a.out.(*os.File); ok && s.LineLength == 0 {
				if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
					s.LineLength = min(88, w-4)
				}
			}
			return m.SummaryWith(s)
		},
	}
	o.flags(c)
	c.Flags().IntVar(&s.LineLength, "line-length", 0, "width of the table; 0 means Keras's rule")
	c.Flags().BoolVar(&s.ExpandNested, "expand", false, "show the layers of models inside the model")
	c.Flags().BoolVar(&s.ShowTrainable, "trainable", false, "show which layers are trained")
	return c
}

// model makes the model of a spec or architecture, or loads it from a model file.
func (a *app) model(file string, o *overrides) (*keras.Model, error) {
	text, err := isText(file)
	if err != nil {
		return nil, err
	}
	if !text {
		if len(o.list()) > 0 {
			return nil, usagef("--set and --unset change spec files; %s is a model file", file)
		}
		return a.load(file)
	}
	e, err := a.parse(file, o, "")
	if err != nil {
		return nil, err
	}
	if e.Seed != nil {
		keras.SetRandomSeed(*e.Seed)
	}
	m, errs := e.BuildFor()
	if len(errs) > 0 {
		return nil, withOutcome{errs, ""}
	}
	return m, nil
}

// load reads a model file.
func (a *app) load(file string) (*keras.Model, error) {
	switch f, err := kerasfile.DetectFile(file); {
	case err != nil:
	case f == kerasfile.KerasWeights || f == kerasfile.LegacyWeights || f == kerasfile.ShardedWeights:
		return nil, invalidError{fmt.Errorf("%s is %v, without the model's description; give a description, and --weights %s", file, f, file)}
	}
	m, err := keras.LoadModelWith(file, keras.LoadOptions{Warn: func(msg string) { a.note("kerasgo: warning: %s", msg) }})
	if err != nil {
		return nil, invalidError{err}
	}
	return m, nil
}
