package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/spec"
)

// overrides are the flags that change a spec file.
type overrides struct {
	sets, unsets []string
	more         []experiment.Override // from flags of their own, such as --epochs
}

// flags adds --set and --unset to a command.
func (o *overrides) flags(c *cobra.Command) {
	c.Flags().StringArrayVar(&o.sets, "set", nil, "change the spec: path=value, such as fit.epochs=3 or model[3].filters=48")
	c.Flags().StringArrayVar(&o.unsets, "unset", nil, "remove a path from the spec")
	_ = c.RegisterFlagCompletionFunc("set", completePath)
}

// add makes a flag of its own an override.
func (o *overrides) add(option, text string) {
	o.more = append(o.more, experiment.Override{Option: option, Text: text})
}

func (o *overrides) list() []experiment.Override {
	var list []experiment.Override
	for i, s := range o.unsets {
		list = append(list, experiment.Override{Option: experiment.SetOption("unset", i), Text: s, Unset: true})
	}
	for i, s := range o.sets {
		list = append(list, experiment.Override{Option: experiment.SetOption("set", i), Text: s})
	}
	return append(list, o.more...)
}

// parse reads a spec file; "-" is standard input. result says what does not happen
// if it has mistakes.
func (a *app) parse(file string, o *overrides, result string) (*experiment.Experiment, error) {
	src, name, err := readSource(file)
	if err != nil {
		return nil, err
	}
	list := o.list()
	if a.seedSet {
		list = append(list, experiment.Override{Option: "--seed", Text: fmt.Sprintf("seed=%d", a.seed)})
	}
	e, errs := experiment.Parse(name, src, list)
	if len(errs) > 0 {
		return e, withOutcome{errs, result}
	}
	for _, n := range e.Notes {
		a.note("%s", n)
	}
	return e, nil
}

// check parses and validates a spec file.
func (a *app) check(file string, o *overrides, result string) (*experiment.Experiment, error) {
	e, err := a.parse(file, o, result)
	if err != nil {
		return nil, err
	}
	errs := e.Validate()
	if errs.Err() != nil {
		return nil, withOutcome{errs, result}
	}
	if len(errs) > 0 && !a.quiet { // warnings
		_ = errs.Write(a.err, spec.Report{Format: a.format, Color: a.colored(a.err)})
	}
	return e, nil
}

// maxSource bounds a text that is read as a spec.
const maxSource = 64 << 20

func readSource(file string) (src []byte, name string, err error) {
	if file == "-" {
		src, err = io.ReadAll(io.LimitReader(os.Stdin, maxSource))
		return src, "stdin", err
	}
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, "", invalidError{plainPathError(err)}
	case info.IsDir():
		return nil, "", invalidError{fmt.Errorf("%s is a folder, no spec file", file)}
	case info.Size() > maxSource:
		return nil, "", invalidError{fmt.Errorf("%s is too large for a spec file", file)}
	}
	switch f, err := kerasfile.DetectFile(file); {
	case err != nil || f == kerasfile.Unknown || f == kerasfile.JSON || f == kerasfile.YAML: // the parser decides
	default:
		return nil, "", invalidError{fmt.Errorf("%s is no spec file but a model file (%v)", file, f)}
	}
	src, err = os.ReadFile(file)
	return src, file, err
}

// plainPathError is an error about a file without the system call.
func plainPathError(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Path, p.Err)
	}
	return err
}

// isText tells whether a file is a spec, or an architecture in JSON or YAML, rather
// than a model file with weights. What it is follows from its content.
func isText(file string) (bool, error) {
	if file == "-" {
		return true, nil
	}
	f, err := kerasfile.DetectFile(file)
	if err != nil {
		return false, invalidError{plainPathError(err)}
	}
	switch f {
	case kerasfile.JSON, kerasfile.YAML:
		return true, nil
	case kerasfile.Unknown:
		return true, readable(file)
	}
	return false, nil
}

// readable refuses a folder and what begins like no text; the parser tells what is
// wrong with a text.
func readable(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return invalidError{plainPathError(err)}
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := f.Read(head)
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		if latest, err := experiment.Latest(file); err == nil {
			return invalidError{fmt.Errorf("%s is a folder of runs; did you mean %s?", file, latest)}
		}
		if isRun(file) {
			return invalidError{fmt.Errorf("%s is the folder of a run; name a model file in it", file)}
		}
		return invalidError{fmt.Errorf("%s is a folder, but no unpacked model", file)}
	case bytes.IndexByte(head[:n], 0) >= 0:
		return invalidError{fmt.Errorf("%s is neither a model file nor a text", file)}
	}
	return nil
}

// completePath offers the arguments of a section after "fit.".
func completePath(_ *cobra.Command, _ []string, given string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, s := range experiment.Sections() {
		if s.Value == nil {
			out = append(out, s.Name+".")
			continue
		}
		for _, f := range spec.Fields(structOf(s.Value)) {
			out = append(out, s.Name+"."+f.Name+"=")
		}
	}
	var fit []string
	for _, s := range out {
		if strings.HasPrefix(s, given) {
			fit = append(fit, s)
		}
	}
	return fit, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}
