package experiment

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
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
	return e.build(e.Model, o.X)
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
	if arg, _, ok := strings.Cut(msg, ":"); ok {
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

// lossName returns the snake-case name of a loss given as a string or a struct.
func lossName(v any) string {
	if s, ok := v.(string); ok {
		if obj, err := spec.ResolveString("loss", s); err == nil {
			v = obj
		} else {
			return s
		}
	}
	if c, ok := spec.ClassOf(v); ok {
		return spec.SnakeCase(c.Name)
	}
	return ""
}

// checkLoss compares the last layer with the labels and the loss.
func (e *Experiment) checkLoss(m *keras.Model, o data.Outline) spec.Errors {
	if e.Compile == nil || e.Compile.Loss == nil {
		return nil
	}
	var errs spec.Errors
	loss := lossName(e.Compile.Loss)
	pos := e.section("compile", "loss").Pos
	if head, args := spec.Head(e.section("compile", "loss")); head != nil {
		pos = head.Pos
		if n := args.Get("from_logits"); n != nil && n.Bool() && lastActivation(e.Model) != "" {
			errs = append(errs, fail(n.Pos, CodeConflict, fmt.Sprintf("the model ends with %s, so its outputs are no logits", lastActivation(e.Model)),
				"remove the last activation, or from_logits: true"))
		}
	}
	out := m.OutputShapes()
	if len(out) != 1 || len(out[0]) != 2 || out[0][1] == tensor.Unknown || o.Y == nil {
		return errs
	}
	width := out[0][1]
	oneHot := len(o.Y) == 2 && o.Y[1] > 1
	last := e.lastLayer()
	switch {
	case loss == "categorical_crossentropy" && len(o.Y) == 1:
		errs = append(errs, fail(pos, CodeConflict, fmt.Sprintf("categorical_crossentropy wants labels of shape (None, %d), the data has class numbers %v", width, o.Y),
			"use sparse_categorical_crossentropy"+oneHotHint(e)))
	case loss == "sparse_categorical_crossentropy" && oneHot:
		errs = append(errs, fail(pos, CodeConflict, fmt.Sprintf("sparse_categorical_crossentropy wants class numbers, the data has labels of shape %v", o.Y),
			"use categorical_crossentropy, or data without one_hot"))
	case loss == "sparse_categorical_crossentropy" && o.Classes > width:
		errs = append(errs, fail(last, spec.CodeShape, fmt.Sprintf("the last layer has %d outputs, the data has %d classes", width, o.Classes)))
	case oneHot && o.Y[1] != width:
		errs = append(errs, fail(last, spec.CodeShape, fmt.Sprintf("the last layer has %d outputs, the labels have shape %v", width, o.Y)))
	}
	return errs
}

func oneHotHint(e *Experiment) string {
	if head, _ := spec.Head(e.section("data")); head != nil && hasArgument("data", head.Value, "one_hot") {
		return ", or one_hot: true in data"
	}
	return ""
}

// lastLayer is the place of the last layer that has weights, or of the model.
func (e *Experiment) lastLayer() spec.Pos {
	for _, l := range slices.Backward(e.Model.Layers) {
		if c, ok := spec.ClassOf(l.Value); ok {
			if f, ok := c.Field("units"); ok {
				head, args := spec.Head(l.Node)
				switch n := args.Get(f.Name); {
				case n != nil:
					return n.Pos
				case args != nil && args.Kind == spec.Int:
					return args.Pos
				}
				return head.Pos
			}
		}
	}
	return e.at("model")
}

// lastActivation returns softmax or sigmoid if a Sequential ends with one.
func lastActivation(m *Model) string {
	if m == nil || len(m.Layers) == 0 {
		return ""
	}
	l := m.Layers[len(m.Layers)-1]
	if l.Model != nil {
		return lastActivation(l.Model)
	}
	c, ok := spec.ClassOf(l.Value)
	if !ok {
		return ""
	}
	if c.Name == "Softmax" {
		return "softmax"
	}
	f, ok := c.Field("activation")
	if !ok {
		return ""
	}
	if a, ok := spec.ClassOf(reflect.Indirect(reflect.ValueOf(l.Value)).Field(f.Index).Interface()); ok {
		if n := spec.SnakeCase(a.Name); n == "softmax" || n == "sigmoid" {
			return n
		}
	}
	return ""
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

// checkMonitors finds callbacks that watch what is not logged.
func (e *Experiment) checkMonitors(m *keras.Model) spec.Errors {
	if e.Fit == nil || e.Compile == nil || m == nil || len(m.OutputShapes()) > 1 {
		return nil
	}
	validates := e.Fit.ValidationData != "" || e.Fit.ValidationSplit > 0
	logged := append([]string{"loss"}, metricNames(e.Compile)...)
	all := slices.Clone(logged)
	for _, n := range logged {
		all = append(all, "val_"+n)
	}
	if validates {
		logged = all
	}
	for _, cb := range e.Fit.Callbacks {
		if c, ok := spec.ClassOf(cb); ok && (c.Name == "LearningRateScheduler" || c.Name == "ReduceLROnPlateau") {
			logged = append(logged, "learning_rate")
		}
	}
	var errs spec.Errors
	for i, cb := range e.Fit.Callbacks {
		c, monitor := monitored(cb)
		if monitor == "" || slices.Contains(logged, monitor) {
			continue
		}
		pos := e.callback(i, "monitor")
		err := fail(pos, CodeMonitor, fmt.Sprintf("%s: monitor %q is not logged", c, monitor))
		switch s := spec.Suggest(monitor, logged); {
		case slices.Contains(all, monitor):
			err.Help = []string{"fit has no validation data: add validation_data or validation_split"}
		case s != "":
			err.Help = []string{fmt.Sprintf("did you mean %q?", s)}
		default:
			err.Help = []string{"there are: " + strings.Join(logged, ", ")}
		}
		errs = append(errs, err)
	}
	return errs
}

// callback returns the place of an argument of a callback, or of its class.
func (e *Experiment) callback(i int, arg string) spec.Pos {
	node := e.section("fit", "callbacks")
	if node.Kind == spec.Sequence && i < len(node.Items) {
		node = node.Items[i]
	}
	head, args := spec.Head(node)
	if n := args.Get(arg); n != nil {
		return n.Pos
	}
	if head != nil {
		return head.Pos
	}
	return node.Pos
}

// checkCallbacks finds arguments of callbacks that contradict each other.
func (e *Experiment) checkCallbacks() spec.Errors {
	if e.Fit == nil {
		return nil
	}
	var errs spec.Errors
	for i, cb := range e.Fit.Callbacks {
		if _, err := callbacks.NewList(cb); err != nil {
			msg := strings.TrimPrefix(err.Error(), "callbacks: ")
			arg := ""
			if _, rest, ok := strings.Cut(msg, ": "); ok {
				arg, _, _ = strings.Cut(rest, " ")
			}
			errs = append(errs, &spec.Error{Pos: e.callback(i, arg), Code: CodeConflict, Msg: msg, Err: err})
		}
	}
	return errs
}

// monitored returns the class of a callback and the log it watches, if any.
func monitored(cb any) (class, monitor string) {
	c, ok := spec.ClassOf(cb)
	if !ok {
		return "", ""
	}
	v := reflect.Indirect(reflect.ValueOf(cb))
	f, ok := c.Field("monitor")
	if !ok || f.Type.Kind() != reflect.String {
		return c.Name, ""
	}
	if best, ok := c.Field("save_best_only"); ok && !v.Field(best.Index).Bool() {
		return c.Name, "" // only looked at to find the best
	}
	return c.Name, v.Field(f.Index).String()
}

// metricNames returns the names under which the metrics of a model with one output are logged.
func metricNames(c *Compile) []string {
	var names []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case nil:
		case string:
			names = append(names, v)
		case []any:
			for _, x := range v {
				walk(x)
			}
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		default:
			if n := nameOf(v); n != "" {
				names = append(names, n)
			}
		}
	}
	walk(c.Metrics)
	walk(c.WeightedMetrics)
	return names
}

// nameOf returns the name argument of an object, or its class in snake case.
func nameOf(v any) string {
	c, ok := spec.ClassOf(v)
	if !ok {
		return ""
	}
	if f, ok := c.Field("name"); ok && f.Type.Kind() == reflect.String {
		if s := reflect.Indirect(reflect.ValueOf(v)).Field(f.Index).String(); s != "" {
			return s
		}
	}
	return spec.SnakeCase(c.Name)
}

// checkSave finds files that could not be written.
func (e *Experiment) checkSave() spec.Errors {
	var errs spec.Errors
	if e.Save != nil {
		for _, f := range []struct {
			arg, path string
			suffixes  []string
		}{
			{"model", e.Save.Model, []string{".keras", ".h5"}},
			{"weights", e.Save.Weights, []string{".weights.h5"}},
			{"history", e.Save.History, []string{".json"}},
		} {
			if f.path == "" {
				continue
			}
			pos := e.section("save", f.arg).Pos
			if !slices.ContainsFunc(f.suffixes, func(s string) bool { return strings.HasSuffix(f.path, s) }) {
				errs = append(errs, fail(pos, spec.CodeChoice, fmt.Sprintf("save.%s %q must end in %s", f.arg, f.path, strings.Join(f.suffixes, " or "))))
			} else if !filepath.IsLocal(f.path) {
				errs = append(errs, fail(pos, CodeFile, fmt.Sprintf("save.%s %q is not inside the run folder", f.arg, f.path), "files are saved in run.dir; give a path relative to it"))
			}
		}
	}
	if err := writable(e.RunFolder()); err != nil && (e.Fit != nil || e.Save != nil) {
		pos := e.at("run", "dir")
		if e.RunDir.Dir == "" {
			pos = e.at("save")
		}
		errs = append(errs, &spec.Error{Pos: pos, Code: CodeFile, Msg: fmt.Sprintf("runs can't be written: %v", err), Err: err})
	}
	return errs
}

// RunFolder is the folder in which the runs are numbered.
func (e *Experiment) RunFolder() string {
	if e.RunDir.Dir != "" {
		return e.RunDir.Dir
	}
	return filepath.Join("runs", e.Name)
}

// writable tells, without writing, whether a folder can be made: whether what
// exists of its path is folders, the last of them with permission to write.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("%s is a file", dir)
		case err == nil && info.Mode().Perm()&0o222 == 0:
			return fmt.Errorf("%s may not be written to", dir)
		case err == nil:
			return nil
		case errors.Is(err, fs.ErrPermission):
			return err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil
		}
		dir = parent
	}
}
