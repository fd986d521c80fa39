package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/spec"
)

// validateCommand checks spec files.
func (a *app) validateCommand() *cobra.Command {
	var o overrides
	var strict bool
	c := &cobra.Command{
		Use:   "validate FILE…",
		Short: "Check spec files, shapes included, without touching data",
		Args:  minArgs(1, "a spec file"),
		RunE: func(_ *cobra.Command, args []string) error {
			var all spec.Errors
			var others []error // files that can't be read
			for _, file := range args {
				err := a.validate(file, &o, strict)
				var mistakes spec.Errors
				var unreadable experiment.DataError
				switch {
				case err == nil:
					a.note("%s: ok", file)
				case errors.As(err, &mistakes):
					all = append(all, mistakes...)
				case errors.As(err, &unreadable):
					all = append(all, unreadable.Mistake)
				default:
					others = append(others, err)
				}
			}
			if len(all) == 0 {
				return errors.Join(others...)
			}
			for _, err := range others {
				fmt.Fprintln(a.err, "kerasgo:", err)
			}
			return withOutcome{all, ""}
		},
	}
	o.flags(c)
	c.Flags().BoolVar(&strict, "strict-data", false, "also read the data and compare its shapes")
	return c
}

func (a *app) validate(file string, o *overrides, strict bool) error {
	e, err := a.check(file, o, "")
	if err != nil || !strict || e.Data == nil {
		return err
	}
	splits, err := e.LoadData()
	if err != nil {
		return invalidError{err}
	}
	if err := fits(e, splits); err != nil {
		return invalidError{fmt.Errorf("%s: %w", file, err)}
	}
	return nil
}

// fits runs one sample of every split through the model, so that all shapes meet.
func fits(e *experiment.Experiment, splits *data.Splits) error {
	model, errs := e.Build()
	if len(errs) > 0 {
		return errs
	}
	for _, name := range splits.Names() {
		s := splits.Get(name)
		if _, err := model.PredictAll(first(s.X), keras.Predict{Verbose: keras.Silent}); err != nil {
			return fmt.Errorf("split %s: %w", name, err)
		}
		if e.Compile == nil || s.Y == nil {
			continue
		}
		if err := e.CompileModel(model); err != nil {
			return err
		}
		if _, err := model.TestOnBatch(first(s.X), first(s.Y)); err != nil {
			return fmt.Errorf("split %s: %w", name, err)
		}
	}
	return nil
}

// first returns the first sample of every array.
func first(v any) any {
	switch v := v.(type) {
	case *tensor.Tensor:
		return v.Slice(0, 1)
	case []*tensor.Tensor:
		out := make([]*tensor.Tensor, len(v))
		for i, t := range v {
			out[i] = t.Slice(0, 1)
		}
		return out
	case map[string]*tensor.Tensor:
		out := map[string]*tensor.Tensor{}
		for k, t := range v {
			out[k] = t.Slice(0, 1)
		}
		return out
	}
	return v
}
