package experiment

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/spec"
)

// Codes of mistakes that only the sections together show.
const (
	CodeConflict = "conflict"        // two settings contradict each other
	CodeMonitor  = "unknown-monitor" // a callback watches what is not logged
	CodeFile     = "file"            // a file or folder can't be used
)

// Validate finds what does not fit together, shapes included, without reading any
// data. The experiment must have been parsed without errors.
func (e *Experiment) Validate() spec.Errors {
	if e.Model == nil {
		return spec.Errors{fail(e.at("model"), spec.CodeMissing, "there is no section model")}
	}
	var outline data.Outline
	known := false
	if o, ok := e.Data.(data.Outliner); ok {
		outline, known = o.Outline(), true
	}
	errs := e.checkSections()
	model, es := e.shapes(outline)
	errs = append(errs, es...)
	if e.Fit != nil && e.Compile == nil && (model == nil && e.Model.File == "" || model != nil && !model.Compiled()) {
		errs = append(errs, fail(e.at("fit"), spec.CodeMissing, "section fit needs a section compile"))
	}
	if model != nil {
		errs = append(errs, e.checkCompile(model)...)
		errs = append(errs, e.checkInput(model, outline)...)
		errs = append(errs, e.checkLoss(model, outline)...)
	}
	if known {
		errs = append(errs, e.checkSplits(outline)...)
	}
	errs = append(errs, e.checkFit(outline)...)
	errs = append(errs, e.checkCallbacks()...)
	errs = append(errs, e.checkPaths()...)
	errs = append(errs, e.checkMonitors(model)...)
	errs = append(errs, e.checkSave()...)
	return errs.Sort()
}

// checkSections finds sections without those they need.
func (e *Experiment) checkSections() spec.Errors {
	var errs spec.Errors
	missing := func(section, needed string) {
		errs = append(errs, fail(e.at(section), spec.CodeMissing, fmt.Sprintf("section %s needs a section %s", section, needed)))
	}
	if e.Fit != nil {
		if e.Data == nil {
			missing("fit", "data")
		}
		if e.Compile != nil && e.Compile.Loss == nil {
			errs = append(errs, fail(e.at("compile"), spec.CodeMissing, "compile has no loss, which fit needs"))
		}
	}
	if e.Evaluate != nil && e.Data == nil && e.Fit == nil {
		missing("evaluate", "data")
	}
	return errs
}

// shapes builds the model to find layers that do not fit.
func (e *Experiment) shapes(o data.Outline) (*keras.Model, spec.Errors) {
	model, errs := e.build(e.Model, nil)
	if len(errs) > 0 || len(model.InputShapes()) > 0 || o.X == nil {
		return model, errs
	}
	return e.build(e.Model, inputOf(o))
}

// checkCompile lets the model find mistakes in the arguments of compile that
// depend on it, such as losses for outputs that there are not.
func (e *Experiment) checkCompile(m *keras.Model) spec.Errors {
	if e.Compile == nil || len(m.OutputShapes()) == 0 {
		return nil
	}
	args, err := e.Compile.keras()
	if err == nil {
		err = m.Compile(args)
	}
	if err == nil {
		return nil
	}
	msg := strings.TrimPrefix(err.Error(), "keras: Compile: ")
	pos := e.at("compile")
	switch arg, rest, ok := strings.Cut(msg, ":"); {
	case ok && arg == "optimizers": // the package that found it
		if head, _ := spec.Head(e.section("compile", "optimizer")); head != nil {
			pos = head.Pos
		}
		msg = "optimizer:" + rest
	case ok:
		pos = e.at("compile", arg)
	}
	return spec.Errors{{Pos: pos, Code: CodeConflict, Msg: "compile: " + msg, Err: err}}
}

// checkInput compares the data's shape with that of the model's input.
func (e *Experiment) checkInput(m *keras.Model, o data.Outline) spec.Errors {
	in := m.InputShapes()
	if o.X == nil || len(in) != 1 {
		return nil
	}
	a, b := o.X, in[0]
	ok := len(a) == len(b)
	for i := 0; ok && i < len(a); i++ {
		ok = a[i] == b[i] || a[i] == tensor.Unknown || b[i] == tensor.Unknown
	}
	// A last axis of length 1 may be missing or superfluous, as in Keras.
	if ok || len(a) == len(b)+1 && a.Last() == 1 || len(b) == len(a)+1 && b.Last() == 1 {
		return nil
	}
	err := fail(e.at("data"), spec.CodeShape, fmt.Sprintf("the data has shape %v, the model's input %v", a, b))
	if a[1:].Size() == b[1:].Size() {
		if head, _ := spec.Head(e.section("data")); head != nil && hasArgument("data", head.Value, "reshape") {
			dims := strings.Trim(fmt.Sprint(append(tensor.Shape{-1}, b[1:]...)), "()")
			err.Help = []string{"use reshape: [" + strings.Replace(dims, "None", "-1", 1) + "]"}
		}
	}
	return spec.Errors{err}
}

func hasArgument(kind, class, arg string) bool {
	c, ok := spec.Lookup(kind, class)
	if ok {
		_, ok = c.Field(arg)
	}
	return ok
}

// checkSplits finds uses of splits that the data will not have.
func (e *Experiment) checkSplits(o data.Outline) spec.Errors {
	var errs spec.Errors
	check := func(name string, path ...string) {
		counts := map[string]data.Count{"train": o.Parts.Train, "validation": o.Parts.Validation, "test": o.Parts.Test}
		if name == "" || counts[name] != data.None {
			return
		}
		pos := e.at(path...)
		if n := e.section(path...); n.Kind == spec.String {
			pos = n.Pos
		}
		var have []string
		for _, s := range []string{"train", "validation", "test"} {
			if counts[s] != data.None {
				have = append(have, s)
			}
		}
		errs = append(errs, fail(pos, CodeConflict, fmt.Sprintf("the data has no split %q", name), "it has: "+strings.Join(have, ", ")))
	}
	if e.Fit != nil {
		check(e.Fit.ValidationData, "fit", "validation_data")
	}
	if e.Evaluate != nil {
		check(e.Evaluate.Data, "evaluate", "data")
	}
	return errs
}

// checkFit finds arguments of fit that contradict each other or the data.
func (e *Experiment) checkFit(o data.Outline) spec.Errors {
	f := e.Fit
	if f == nil {
		return nil
	}
	var errs spec.Errors
	if f.ValidationData != "" && f.ValidationSplit > 0 {
		errs = append(errs, fail(e.at("fit", "validation_split"), CodeConflict, "validation_split and validation_data are both given; one is enough"))
	}
	switch v := f.Shuffle.(type) {
	case nil, bool:
	default:
		if v != "batch" {
			errs = append(errs, fail(e.at("fit", "shuffle"), spec.CodeChoice, fmt.Sprintf("shuffle wants true, false or \"batch\", got %v", v)))
		}
	}
	if f.InitialEpoch >= f.Epochs {
		errs = append(errs, fail(e.section("fit", "initial_epoch").Pos, CodeConflict, fmt.Sprintf("initial_epoch %d leaves none of %d epochs", f.InitialEpoch, f.Epochs)))
	}
	n := int(o.Parts.Train)
	if f.ValidationSplit > 0 {
		n = int(float64(n) * (1 - f.ValidationSplit))
	}
	if n > 0 && f.BatchSize > n {
		errs = append(errs, fail(e.section("fit", "batch_size").Pos, spec.CodeRange, fmt.Sprintf("batch_size %d is larger than the %d training samples", f.BatchSize, n)))
	}
	return errs
}
