package experiment

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/spec"
)

// checkMonitors finds callbacks that watch what is not logged.
func (e *Experiment) checkMonitors(m *keras.Model) spec.Errors {
	if e.Fit == nil || e.Compile == nil || m == nil {
		return nil
	}
	validates := e.Fit.ValidationData != "" || e.Fit.ValidationSplit > 0
	logged := m.LogNames()
	switch {
	case logged != nil:
	case len(m.OutputShapes()) > 1:
		return nil // checkCompile has told why
	default:
		logged = append([]string{"loss"}, metricNames(e.Compile)...)
	}
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
		if monitor == "" || slices.Contains(logged, monitor) || slices.Contains(logged, oneOfSeveral.ReplaceAllString(monitor, "")) {
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

// oneOfSeveral is what the name of one value of a metric with several ends in.
var oneOfSeveral = regexp.MustCompile(`_\d+$`)

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
