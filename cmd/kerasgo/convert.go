package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/spec"
)

// suffixes are what convert can write.
var suffixes = []string{".yaml", ".yml", ".json", ".keras", ".weights.h5", ".h5", ".go", ".py"}

// convertCommand turns one description of a model into another.
func (a *app) convertCommand() *cobra.Command {
	var full bool
	var weights string
	c := &cobra.Command{
		Use:   "convert IN OUT",
		Short: "Convert models: .yaml .json .keras .h5 .weights.h5, and to Go or Python source",
		Long: "Convert reads a model or its description, whatever the name of its file, and writes it in the form that the suffix of OUT names: " +
			strings.Join(suffixes, " ") + ".\n\nDescriptions have no weights: those of --weights are taken, or new ones.",
		Args: exactArgs(2, "two files, IN and OUT"),
		RunE: func(_ *cobra.Command, args []string) error { return a.convert(args[0], args[1], weights, full) },
	}
	c.Flags().BoolVar(&full, "full", false, "write arguments at their defaults too (YAML)")
	c.Flags().StringVar(&weights, "weights", "", "file with the weights")
	return c
}

func (a *app) convert(in, out, weights string, full bool) error {
	suffix := ""
	for _, s := range suffixes {
		if strings.HasSuffix(out, s) {
			suffix = s
			break
		}
	}
	if suffix == "" {
		return usagef("%s: the suffix is none of %s", out, strings.Join(suffixes, " "))
	}
	if _, err := os.Stat(in); err != nil {
		return invalidError{plainPathError(err)}
	}
	if s := filepath.Ext(in); s == ".go" || s == ".py" {
		return usagef("%s: source is written, not read", in)
	}
	text, err := isText(in)
	if err != nil {
		return err
	}
	m, err := a.model(in, &overrides{})
	if err != nil {
		return err
	}
	var e *experiment.Experiment
	if text {
		if e, err = a.parse(in, &overrides{}, ""); err != nil {
			return err
		}
		if e.Compile != nil && len(m.InputShapes()) > 0 {
			if err := e.CompileModel(m); err != nil {
				return err
			}
		}
	}
	if weights != "" {
		if err := m.LoadWeights(weights); err != nil {
			return invalidError{err}
		}
	} else if text && (strings.HasSuffix(suffix, "h5") || suffix == ".keras") {
		a.note("%s has no weights: new ones are written", in)
	}
	switch suffix {
	case ".keras", ".h5":
		return m.Save(out)
	case ".weights.h5":
		return m.SaveWeights(out)
	case ".json":
		text, err := m.ToJSON()
		if err != nil {
			return err
		}
		return os.WriteFile(out, []byte(text+"\n"), 0o666)
	}
	if e == nil {
		if e, err = experiment.FromModel(m); err != nil {
			return err
		}
	}
	b, err := describe(e, m, suffix, full)
	if err != nil {
		return err
	}
	return os.WriteFile(out, b, 0o666)
}

// describe writes a model as a spec file, or as Go or Python source.
func describe(e *experiment.Experiment, m *keras.Model, suffix string, full bool) ([]byte, error) {
	switch suffix {
	case ".go":
		return goProgram(e)
	case ".py":
		return pythonProgram(e)
	}
	o, err := e.Resolved(full)
	if err != nil {
		return nil, err
	}
	if e.Data == nil { // a model only
		o.Delete("name")
		o.Delete("run")
	}
	return spec.YAML(o), nil
}

// layersOf returns the layers of a Sequential as structs.
func layersOf(e *experiment.Experiment) ([]any, error) {
	m := e.Model
	if m.File != "" || m.Class != "Sequential" {
		return nil, fmt.Errorf("only a Sequential can be written as source; this model is %s", strings.ToLower(m.Class+m.File))
	}
	var list []any
	for _, l := range m.Layers {
		if l.Model != nil {
			return nil, fmt.Errorf("a model inside a model can't be written as source")
		}
		list = append(list, l.Value)
	}
	return list, nil
}

// goPackages are what source may need to import.
var goPackages = []string{"activations", "constraints", "initializers", "layers", "losses", "metrics", "optimizers", "optimizers/schedules", "regularizers"}

func goProgram(e *experiment.Experiment) ([]byte, error) {
	list, err := layersOf(e)
	if err != nil {
		return nil, err
	}
	src, err := spec.GoSource(list)
	if err != nil {
		return nil, err
	}
	body := string(src)
	if e.Compile != nil {
		var args []string
		for _, f := range []struct {
			name string
			v    any
		}{{"Loss", e.Compile.Loss}, {"Optimizer", e.Compile.Optimizer}, {"Metrics", e.Compile.Metrics}} {
			s, err := expression(f.v, spec.GoLiteral, "[]any{%s}")
			if err != nil {
				return nil, err
			}
			if s != "" {
				args = append(args, f.name+": "+s)
			}
		}
		body += "keras.Check(model.Compile(keras.Compile{" + strings.Join(args, ", ") + "}))\n"
	}
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\tkeras \"github.com/kerasgo/kerasgo/kerasgo\"\n")
	for _, p := range goPackages {
		if strings.Contains(body, filepath.Base(p)+".") {
			fmt.Fprintf(&b, "\t\"github.com/kerasgo/kerasgo/kerasgo/%s\"\n", p)
		}
	}
	fmt.Fprintf(&b, ")\n\nfunc newModel() *keras.Model {\n%sreturn model\n}\n", body)
	return format.Source(b.Bytes())
}

func pythonProgram(e *experiment.Experiment) ([]byte, error) {
	list, err := layersOf(e)
	if err != nil {
		return nil, err
	}
	src, err := spec.PythonSource(list)
	if err != nil {
		return nil, err
	}
	b := append([]byte("import keras\n\n"), src...)
	if e.Compile == nil {
		return b, nil
	}
	var args []string
	for _, f := range []struct {
		name string
		v    any
	}{{"loss", e.Compile.Loss}, {"optimizer", e.Compile.Optimizer}, {"metrics", e.Compile.Metrics}} {
		s, err := expression(f.v, spec.PythonLiteral, "[%s]")
		if err != nil {
			return nil, err
		}
		if s != "" {
			args = append(args, f.name+"="+s)
		}
	}
	return fmt.Appendf(b, "model.compile(%s)\n", strings.Join(args, ", ")), nil
}

// expression prints a string, an object or a list of them as source; "" for nothing.
func expression(v any, literal func(any) (string, error), list string) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return fmt.Sprintf("%q", v), nil
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			s, err := expression(x, literal, list)
			if err != nil {
				return "", err
			}
			parts[i] = s
		}
		return fmt.Sprintf(list, strings.Join(parts, ", ")), nil
	case map[string]any:
		return "", fmt.Errorf("losses and metrics by the names of outputs can't be written as source")
	}
	return literal(v)
}
