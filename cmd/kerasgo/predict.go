package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/npy"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
	"github.com/kerasgo/kerasgo/mnist"
	"github.com/spf13/cobra"
)

// predictor holds the flags of predict.
type predictor struct {
	*app
	weights, output string
	columns         []string
	top, batch      int
	source          data.Source // of the data that the model was trained on, if that is known
	proba, invert   bool
}

// predictCommand runs a model on arrays, pictures or tables.
func (a *app) predictCommand() *cobra.Command {
	p := &predictor{app: a}
	c := &cobra.Command{
		Use:   "predict MODEL INPUT…",
		Short: "Run a model on arrays (.npy), pictures or tables (.csv)",
		Long: "Predict runs a model on inputs.\n\n" +
			"Arrays: one .npy file for every input of the model; -o writes what comes out, several outputs to an .npz file.\n" +
			"Pictures (PNG, JPEG, GIF, BMP): a model of 28×28 images sees them as MNIST's digits were made, and what it sees is shown.\n" +
			"Tables: a .csv file, one sample a line. A model with several inputs takes the columns of their names, numbers and words; others may be there too. " +
			"The run or the spec of a model trained on a table knows the columns; otherwise --columns names those of a model's only input, or all are read, as numbers.\n\n" +
			"MODEL is a model file, the folder of a run, a spec file (its last run), or, with --weights, an architecture in JSON or YAML.",
		Example: "  kerasgo predict mnist_cnn.keras digit.png\n  kerasgo predict mnist_cnn.keras x.npy -o out.npy",
		Args:    minArgs(2, "a model and its inputs"),
		RunE:    func(c *cobra.Command, args []string) error { return p.run(c, args[0], args[1:]) },
	}
	f := c.Flags()
	f.StringVar(&p.weights, "weights", "", "file with the weights, for an architecture without any")
	f.StringVarP(&p.output, "output", "o", "", "write what comes out to an .npy or .npz file")
	f.IntVar(&p.top, "top", 0, "how many classes to show; by default 3 for pictures, 1 otherwise")
	f.IntVar(&p.batch, "batch-size", 0, "samples per step")
	f.StringSliceVar(&p.columns, "columns", nil, "columns of the table, separated by commas, for the only input of the model")
	f.BoolVar(&p.proba, "proba", false, "show the outputs of all classes")
	f.BoolVar(&p.invert, "invert", false, "the writing in pictures is light on a dark ground")
	return c
}

func (p *predictor) run(c *cobra.Command, model string, inputs []string) error {
	if p.output != "" && filepath.Ext(p.output) != ".npy" && filepath.Ext(p.output) != ".npz" {
		return usagef("-o %s: the name must end in .npy or .npz", p.output)
	}
	if p.top < 0 || p.batch < 0 {
		return usagef("--top and --batch-size want numbers from 1")
	}
	kind := strings.ToLower(filepath.Ext(inputs[0]))
	for _, in := range inputs[1:] {
		if isPicture(strings.ToLower(filepath.Ext(in))) != isPicture(kind) {
			return usagef("pictures and other inputs can't be mixed")
		}
	}
	m, err := p.find(model)
	if err != nil {
		return err
	}
	x, err := p.read(m, kind, inputs)
	if err != nil {
		return err
	}
	out, err := m.PredictAll(x, keras.Predict{BatchSize: p.batch, Verbose: keras.Silent, Context: c.Context()})
	if err != nil {
		return err
	}
	if p.output != "" {
		return p.write(out)
	}
	if len(out) > 1 {
		return usagef("the model has %d outputs; write them to a file: -o out.npz", len(out))
	}
	if isPicture(kind) {
		return p.show(inputs, x.(*tensor.Tensor), out[0])
	}
	for i := range out[0].Len() {
		fmt.Fprintln(p.out, p.row(out[0].Slice(i, i+1), 1))
	}
	return nil
}

// find loads the model, whatever names it.
func (p *predictor) find(arg string) (*keras.Model, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return nil, invalidError{plainPathError(err)}
	}
	if info.IsDir() && isRun(arg) {
		e, err := p.parse(filepath.Join(arg, "resolved.yaml"), &overrides{}, "")
		if err != nil {
			return nil, err
		}
		p.source = e.Data
		file, err := e.RunModel(arg)
		if err != nil {
			return nil, err
		}
		return p.load(file)
	}
	text, err := isText(arg)
	if err != nil {
		return nil, err
	}
	if !text {
		m, err := p.load(arg)
		if err == nil && p.weights != "" {
			if err := m.LoadWeights(p.weights); err != nil {
				return nil, invalidError{err}
			}
		}
		return m, err
	}
	if p.weights != "" {
		m, err := p.model(arg, &overrides{})
		if err != nil {
			return nil, err
		}
		if err := m.LoadWeights(p.weights); err != nil {
			return nil, invalidError{err}
		}
		return m, nil
	}
	e, err := p.parse(arg, &overrides{}, "")
	if err != nil {
		return nil, err
	}
	run, err := experiment.Latest(e.RunFolder())
	if err != nil {
		return nil, fmt.Errorf("%s has no weights: %w; give --weights FILE", arg, err)
	}
	p.source = e.Data
	file, err := e.RunModel(run)
	if err != nil {
		return nil, err
	}
	return p.load(file)
}

// show prints the pictures as the network saw them, with the classes it found.
func (p *predictor) show(files []string, x, out *tensor.Tensor) error {
	for i, file := range files {
		if x.Shape()[1:].Size() == 28*28 {
			fmt.Fprint(p.out, mnist.ASCII(tensor.From(slices.Clone(x.Slice(i, i+1).Float32s()), 28, 28)))
		}
		fmt.Fprintf(p.out, "%s: %s\n", file, p.row(out.Slice(i, i+1), 3))
	}
	return nil
}

// row describes the output for one sample: the most probable classes with their
// outputs, or all values.
func (p *predictor) row(out *tensor.Tensor, top int) string {
	values := make([]float64, out.Size())
	order := make([]int, out.Size())
	for i := range values {
		values[i], order[i] = out.Float64At(i), i
	}
	if p.proba || len(values) == 1 || out.Shape().Rank() != 2 {
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = strconv.FormatFloat(v, 'g', 6, 32)
		}
		return strings.Join(parts, " ")
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	if p.top > 0 {
		top = p.top
	}
	var parts []string
	for _, c := range order[:min(top, len(order))] {
		parts = append(parts, fmt.Sprintf("%d (%.4f)", c, values[c]))
	}
	return strings.Join(parts, ", ")
}

// write writes the outputs to a file.
func (p *predictor) write(out []*tensor.Tensor) error {
	if filepath.Ext(p.output) == ".npy" {
		if len(out) > 1 {
			return usagef("the model has %d outputs; they go to an .npz file: -o %s", len(out), strings.TrimSuffix(p.output, ".npy")+".npz")
		}
		return npy.WriteFile(p.output, out[0])
	}
	var list []npy.Named
	for i, t := range out {
		list = append(list, npy.Named{Name: fmt.Sprintf("output_%d", i), Tensor: t})
	}
	return npy.WriteZipFile(p.output, list, true)
}
