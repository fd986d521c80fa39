package layers

import (
	"reflect"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/activations"
	"github.com/kerasgo/kerasgo/spec"
)

// EinsumDense computes activation(einsum(Equation, x, kernel) + bias). Equation has
// the form "ab,bc->ac", "...ab,bc->...ac" or "ab...,bc->ac...": a letter is an
// axis, those that the result lacks are summed over, and an ellipsis stands for any
// further axes. Dense is "...x,xy->...y".
//
// Output (batch, OutputShape…), the axes of an ellipsis after or before. Weights:
// kernel, with the lengths that input and output give its letters; bias, with the
// lengths of the letters of BiasAxes, and 1 for those between and after them.
type EinsumDense struct {
	Equation            string    `keras:"equation,pos,required"`                                      // what is multiplied and summed
	OutputShape         spec.Ints `keras:"output_shape,required,shape"`                                // lengths of the result without batch axis and ellipsis; -1 (null in YAML) for those of the input
	Activation          any       `keras:"activation,kind=activation,default=linear"`                  // applied last
	BiasAxes            string    `keras:"bias_axes"`                                                  // letters of the result that the bias has; without them there is none
	KernelInitializer   any       `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"` // starting value of the kernel
	BiasInitializer     any       `keras:"bias_initializer,kind=initializer,default=zeros"`            // starting value of the bias
	KernelRegularizer   any       `keras:"kernel_regularizer,kind=regularizer"`                        // penalty on the kernel
	BiasRegularizer     any       `keras:"bias_regularizer,kind=regularizer"`                          // penalty on the bias
	ActivityRegularizer any       `keras:"activity_regularizer,kind=regularizer"`                      // penalty on the output
	KernelConstraint    any       `keras:"kernel_constraint,kind=constraint"`                          // applied to the kernel after each step
	BiasConstraint      any       `keras:"bias_constraint,kind=constraint"`                            // applied to the bias after each step
	Name                string    `keras:"name"`
	Trainable           *bool     `keras:"trainable,default=true"`
	DType               string    `keras:"dtype"`
	InputShape          []int     `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[EinsumDense](module, spec.Ignored("lora_rank", "lora_alpha", "gptq_unpacked_column_size", "quantization_config"))
}

// einsumShapes is what the shapes of an EinsumDense's weights follow from.
type einsumShapes struct {
	kernel, bias tensor.Shape
	in, out      []int // the kernel's axes that are summed, and those of the result
}

// split takes the equation apart and reports whether the ellipsis, if there is one,
// is on the left.
func (d EinsumDense) split() (input, kernel, output string, left, ok bool) {
	operands, output, ok1 := strings.Cut(d.Equation, "->")
	input, kernel, ok2 := strings.Cut(operands, ",")
	const dots = "..."
	left = strings.HasPrefix(input, dots) && strings.HasPrefix(output, dots)
	right := !left && strings.HasSuffix(input, dots) && strings.HasSuffix(output, dots) && len(input) >= 2+len(dots)
	switch {
	case left:
		input, output = input[len(dots):], output[len(dots):]
	case right:
		input, output = strings.TrimSuffix(input, dots), strings.TrimSuffix(output, dots)
	}
	ok = ok1 && ok2
	for _, s := range []string{input, kernel, output} {
		ok = ok && s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	}
	return input, kernel, output, left, ok
}

// shapes follows Keras's analysis of the equation.
func (d EinsumDense) shapes(b *Builder, s tensor.Shape) (r einsumShapes, ok bool) {
	input, kernel, output, left, ok := d.split()
	if !ok {
		b.Errorf("equation %q is not of the form \"ab,bc->ac\", \"...ab,bc->...ac\" or \"ab...,bc->ac...\"", d.Equation)
		return r, false
	}
	elided := len(s) - len(input)
	dots := strings.Contains(d.Equation, "...")
	if elided < 0 || elided > 0 && !dots {
		b.misfit("input %v has %d axes; equation %q wants %d", shown(s), len(s), d.Equation, len(input))
		return r, false
	}
	full := append(tensor.Shape{s[0]}, d.OutputShape...)
	before := 0 // axes of an ellipsis on the left
	if left && elided > 0 {
		before = elided
		full = append(s[:elided].Clone(), d.OutputShape...)
	}
	if len(full) != before+len(output) {
		b.Errorf("output_shape %v does not fit equation %q: wanted are the lengths of %d axes", tupleOf(d.OutputShape), d.Equation, before+len(output)-max(before, 1))
		return r, false
	}
	lengths := map[rune]int{}
	for i, l := range output {
		lengths[l] = full[before+i]
	}
	for i, l := range input {
		n := s[before+i]
		if o, both := lengths[l]; both && o != tensor.Unknown && o != n {
			b.misfit("axis %c of equation %q has length %d in input %v and %d in output_shape %v", l, d.Equation, n, shown(s), o, tupleOf(d.OutputShape))
			return r, false
		}
		lengths[l] = n
	}
	for i, l := range kernel {
		switch n, known := lengths[l]; {
		case !known:
			b.Errorf("axis %c of the kernel is neither in the input nor in the result of equation %q", l, d.Equation)
			return r, false
		case n == tensor.Unknown:
			b.Errorf("output_shape %v leaves the length of axis %c of equation %q open", tupleOf(d.OutputShape), l, d.Equation)
			return r, false
		default:
			r.kernel = append(r.kernel, n)
		}
		if strings.ContainsRune(output, l) {
			r.out = append(r.out, i)
		} else {
			r.in = append(r.in, i)
		}
	}
	for _, l := range output {
		if !strings.ContainsRune(input+kernel, l) {
			b.Errorf("axis %c of the result of equation %q is neither in the input nor in the kernel", l, d.Equation)
			return r, false
		}
	}
	for _, l := range d.BiasAxes {
		if !strings.ContainsRune(output, l) {
			b.Errorf("bias_axes: axis %c is not in the result of equation %q", l, d.Equation)
			return r, false
		}
	}
	if first := strings.IndexAny(output, d.BiasAxes); d.BiasAxes != "" {
		for _, l := range output[first:] {
			n := 1
			if strings.ContainsRune(d.BiasAxes, l) {
				n = lengths[l]
			}
			r.bias = append(r.bias, n)
		}
		if !left {
			r.bias = append(r.bias, slices.Repeat([]int{1}, elided)...)
		}
	}
	return r, true
}

// Build declares kernel and bias.
func (d EinsumDense) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType, "batch", "...")
	if !ok {
		return
	}
	r, ok := d.shapes(b, s)
	if !ok {
		return
	}
	b.Weight("kernel", r.kernel, withAxes(d.KernelInitializer, r.in, r.out), WeightOptions{d.KernelRegularizer, d.KernelConstraint})
	if d.BiasAxes != "" {
		b.Weight("bias", r.bias, d.BiasInitializer, WeightOptions{d.BiasRegularizer, d.BiasConstraint})
	}
}

// withAxes tells an initializer that scales by the numbers of inputs and outputs,
// and was not told already, which axes of the kernel they are.
func withAxes(init any, in, out []int) any {
	old := reflect.ValueOf(init)
	if old.Kind() != reflect.Struct {
		return init
	}
	fresh := reflect.New(old.Type()).Elem()
	fresh.Set(old)
	i, o := fresh.FieldByName("InputAxes"), fresh.FieldByName("OutputAxes")
	if !i.IsValid() || !o.IsValid() || !i.IsNil() && !o.IsNil() {
		return init
	}
	// Axes that there are none of are known too: nil would mean the opposite.
	i.Set(reflect.ValueOf(append(spec.Ints{}, in...)))
	o.Set(reflect.ValueOf(append(spec.Ints{}, out...)))
	return fresh.Interface()
}

// Call multiplies, adds the bias and applies the activation.
func (d EinsumDense) Call(c *Context, in ...graph.Value) graph.Value {
	y := ops.Einsum(d.Equation, in[0], c.Weight("kernel"))
	if c.Has("bias") {
		y = ops.Add(y, c.Weight("bias"))
	}
	return activations.Apply(d.Activation, y)
}

var _ Layer = EinsumDense{}
