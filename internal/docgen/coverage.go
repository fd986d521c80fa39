package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// namespace is what kerasgo/oracle/gen/namespace.py has found in real Keras.
type namespace struct {
	Keras      string                   `json:"keras"`
	Namespaces map[string][]publicEntry `json:"namespaces"`
}

type publicEntry struct {
	Name    string `json:"name"`
	What    string `json:"what"` // class or function
	AliasOf string `json:"alias_of"`
}

// order is that of the page. The kind is what spec calls the objects of a namespace.
var order = []struct{ space, kind string }{
	{"layers", "layer"}, {"activations", "activation"}, {"initializers", "initializer"}, {"regularizers", "regularizer"}, {"constraints", "constraint"},
	{"losses", "loss"}, {"metrics", "metric"}, {"optimizers", "optimizer"}, {"optimizers.schedules", "schedule"}, {"callbacks", "callback"},
	{"dtype_policies", "dtype policy"}, {"ops", "op"},
	{"models", "model"}, {"applications", "model"}, {"utils", ""}, {"saving", ""}, {"preprocessing.image", ""}, {"preprocessing.sequence", ""}, {"config", ""},
	{"random", ""}, {"tree", ""},
}

// counterpart says what stands for names that are no classes to be registered: "*"
// is any namespace.
var counterpart = map[string]string{
	"*.get":                                     "`spec.ResolveString`",
	"*.serialize":                               "`spec.Serialize`",
	"*.deserialize":                             "`spec.Decode`",
	"layers.Layer":                              "interface `layers.Layer`",
	"layers.Input":                              "`keras.Input`",
	"layers.Wrapper":                            "`Builder.Child` and `Context.Child`, in any layer",
	"metrics.MeanMetricWrapper":                 "a metric of one's own; interface `metrics.Metric`",
	"layers.InputSpec":                          "checks in a layer's `Build`",
	"activations.threshold":                     "`activations.Threshold`",
	"initializers.Initializer":                  "interface `initializers.Initializer`",
	"regularizers.Regularizer":                  "interface `regularizers.Regularizer`",
	"constraints.Constraint":                    "interface `constraints.Constraint`",
	"losses.Loss":                               "interface `losses.Loss`",
	"metrics.Metric":                            "interface `metrics.Metric`",
	"optimizers.Optimizer":                      "interface `optimizers.Optimizer`",
	"optimizers.schedules.LearningRateSchedule": "interface `schedules.Schedule`",
	"callbacks.Callback":                        "interface `callbacks.Callback`",
	"callbacks.CallbackList":                    "field `Callbacks` of `keras.Fit`",
	"callbacks.History":                         "`callbacks.History`, which `Fit` returns",
	"callbacks.LambdaCallback":                  "`callbacks.LambdaCallback`",
	"callbacks.ProgbarLogger":                   "field `Verbose` of `keras.Fit`",
	"dtype_policies.DTypePolicy":                "`layers.Policy`",
	"dtype_policies.FloatDTypePolicy":           "`layers.Policy`",
}

// merging are the functions of keras.layers that call a merging layer.
var merging = map[string]string{
	"add": "Add", "average": "Average", "concatenate": "Concatenate", "dot": "Dot", "maximum": "Maximum", "minimum": "Minimum", "multiply": "Multiply",
	"subtract": "Subtract",
}

// state is what there is for a public name: registered, a counterpart in Go, a
// reason why not, or nothing.
type state struct{ how, text string }

const (
	registered = "registered"
	otherwise  = "otherwise"
	refused    = "refused"
	missing    = "missing"
)

func stateOf(space, kind string, e publicEntry) state {
	for _, name := range []string{e.Name, e.AliasOf} {
		if name == "" {
			continue
		}
		if kind != "" && has(kind, name) {
			return state{registered, ""}
		}
		if reason, ok := spec.Refused(kind, name); ok {
			return state{refused, reason}
		}
		if s, ok := toolState(space, name); ok {
			return s
		}
		for _, key := range []string{space + "." + name, "*." + name} {
			if text, ok := counterpart[key]; ok {
				return state{otherwise, text}
			}
		}
	}
	if class, ok := merging[e.Name]; ok && space == "layers" {
		return state{otherwise, "`keras.Apply(layers." + class + "{}, …)`"}
	}
	return state{missing, ""}
}

// has reports whether a name is that of a registered class, or a string for one. Ops
// are registered under the names of Keras's classes.
func has(kind, name string) bool {
	if _, ok := spec.Lookup(kind, name); ok || slices.Contains(spec.Names(kind), name) {
		return true
	}
	return kind == "op" && slices.ContainsFunc(spec.Classes("op"), func(c *spec.Class) bool { return spec.SnakeCase(c.Name) == name })
}

// coverage is the page that counts what there is of Keras.
func coverage(file string) ([]byte, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var n namespace
	if err := json.Unmarshal(raw, &n); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var table, lists bytes.Buffer
	for _, o := range order {
		names := map[string][]string{}
		for _, e := range n.Namespaces[o.space] {
			s := stateOf(o.space, o.kind, e)
			text := "`" + e.Name + "`"
			if s.text != "" {
				text += ": " + s.text
			}
			names[s.how] = append(names[s.how], text)
		}
		fmt.Fprintf(&table, "| `keras.%s` | %d | %d | %d | %d | %d |\n", o.space, len(n.Namespaces[o.space]),
			len(names[registered]), len(names[otherwise]), len(names[refused]), len(names[missing]))
		if len(names[registered]) == len(n.Namespaces[o.space]) {
			continue
		}
		fmt.Fprintf(&lists, "\n## keras.%s\n", o.space)
		for _, part := range []struct{ how, title string }{{otherwise, "Otherwise in Go"}, {refused, "Refused"}} {
			if list := names[part.how]; len(list) > 0 {
				fmt.Fprintf(&lists, "\n%s:\n\n- %s\n", part.title, strings.Join(list, "\n- "))
			}
		}
		if list := names[missing]; len(list) > 0 {
			fmt.Fprintf(&lists, "\nNot there: %s\n", strings.Join(list, ", "))
		}
	}
	return slices.Concat([]byte(note+"# Coverage\n\nThe public classes and functions of Keras "+n.Keras+`, by namespace: how many there are, how many can be named in Go programs,
specs and Keras's files alike (registered), how many have a counterpart in Go that files never name, how many are refused for a reason, and how many are not there.
For operations, registered are those that may stand in the graph of a functional model.

| namespace | public names | registered | otherwise in Go | refused | not there |
|---|---|---|---|---|---|
`), table.Bytes(), lists.Bytes()), nil
}
