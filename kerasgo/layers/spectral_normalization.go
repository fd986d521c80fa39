package layers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/initializers"
	"github.com/kerasgo/kerasgo/spec"
)

// SpectralNormalization divides the kernel of a layer by its largest singular value
// before every training step, which bounds how much the layer can stretch its input
// (Miyato et al., 2018).
//
// The singular value is σ = v·W·uᵀ, where W is the kernel as a matrix with as many columns
// as the kernel's last axis is long, and u and v follow from PowerIterations times
// v = u·Wᵀ/‖u·Wᵀ‖, u = v·W/‖v·W‖. A kernel of zeros stays as it is. Kernel and u are
// assigned: outside training the kernel is used as it lies there.
//
// Input and output are those of the layer. Weights: vector_u (1, last axis of the
// kernel), not trained, and those of the layer, under layer/. Files of weights have the
// kernel twice, among the wrapper's own too.
type SpectralNormalization struct {
	PowerIterations     int    `keras:"power_iterations,default=1,min=1"` // see above
	Layer               any    `keras:"layer,pos,required,kind=layer"`    // one with a weight "kernel" or "embeddings"
	ActivityRegularizer any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string `keras:"name"`
	Trainable           *bool  `keras:"trainable,default=true"`
	DType               string `keras:"dtype"`
	InputShape          []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[SpectralNormalization](module) }

// Completed checks that the layer is one.
func (d SpectralNormalization) Completed() (any, error) {
	if _, ok := d.Layer.(Layer); !ok {
		return nil, fmt.Errorf("layer: a %T has no kernel", d.Layer)
	}
	return d, nil
}

// Build builds the layer and declares u, behind the kernel as in Keras.
func (d SpectralNormalization) Build(b *Builder, in ...tensor.Shape) {
	b.dtype(d.DType)
	start := len(b.Weights)
	b.child("layer", d.Layer.(Layer), in...)
	if b.scope.Err() != nil {
		return
	}
	k := slices.IndexFunc(b.Weights[start:], func(w Weight) bool {
		return slices.Contains(d.kernelNames(), strings.TrimPrefix(w.Name, b.prefix))
	})
	if k < 0 {
		b.Errorf("layer: a %T has no weight kernel or embeddings to normalize", d.Layer)
		return
	}
	after := slices.Clone(b.Weights[start+k+1:])
	kernel := b.Weights[start+k]
	b.Weights = b.Weights[:start+k+1]
	b.State("vector_u", tensor.Shape{1, kernel.Shape.Last()}, initializers.TruncatedNormal{Stddev: new(0.02)})
	b.Weights = append(b.Weights, after...)
	b.Share(strings.TrimPrefix(kernel.Name, b.prefix))
}

// kernelNames returns the names that the kernel may have. That of a layer that is
// normalized twice is inside the inner wrapper.
func (d SpectralNormalization) kernelNames() []string {
	names := []string{"kernel", "embeddings"}
	if inner, ok := d.Layer.(SpectralNormalization); ok {
		names = inner.kernelNames()
	}
	for i := range names {
		names[i] = "layer/" + names[i]
	}
	return names
}

// Call normalizes the kernel in training, and calls the layer.
func (d SpectralNormalization) Call(c *Context, in ...graph.Value) graph.Value {
	inner := &Context{env: c.env, prefix: c.prefix, random: c.random}
	if c.Training() {
		names := d.kernelNames()
		name := names[0]
		if !c.Has(name) {
			name = names[1]
		}
		kernel := c.Weight(name)
		u, normal := d.normalize(kernel, c.Weight("vector_u"))
		c.Assign("vector_u", u)
		c.Assign(name, normal)
		inner.env.Weight = func(n string) graph.Value {
			if n == c.prefix+name {
				return normal
			}
			return c.env.Weight(n)
		}
	}
	return ops.Cast(inner.Child("layer", d.Layer.(Layer), in...), in[0].DType())
}

// normalize returns the new u and the normalized kernel. Assigning takes no part in
// derivatives: that of the kernel is the one at its new value.
func (d SpectralNormalization) normalize(kernel, u graph.Value) (newU, normal graph.Value) {
	old, s := ops.StopGradient(kernel), kernel.Shape()
	w := ops.Reshape(old, s.Size()/s.Last(), s.Last())
	unit := func(x graph.Value) graph.Value {
		inverse := ops.MinimumScalar(ops.Rsqrt(ops.Sum(ops.Square(x), nil, false)), 1e7) // 1/Keras's epsilon
		return ops.Mul(x, inverse)
	}
	before := u
	var v graph.Value
	for range d.PowerIterations {
		v = unit(ops.MatMul(u, ops.Transpose(w, 1, 0)))
		u = unit(ops.MatMul(v, w))
	}
	sigma := ops.Reshape(ops.MatMul(ops.MatMul(v, w), ops.Transpose(u, 1, 0)))
	some := ops.Max(ops.Cast(ops.NotEqual(w, ops.Scalar(w, 0)), w.DType()), nil, false)
	normal = ops.Where(some, ops.Div(old, sigma), old)
	return ops.Where(some, u, before), ops.Add(ops.StopGradient(normal), ops.Sub(kernel, old))
}

// Mask is the layer's. As in Keras it is lost where the output is cast to another type:
// the one of an Embedding, whose input is whole numbers.
func (d SpectralNormalization) Mask(c *Context, in ...graph.Value) graph.Value {
	if !in[0].DType().Float() {
		return graph.Value{}
	}
	switch l := d.Layer.(type) {
	case Masker:
		return l.Mask(c, in...)
	case MaskPasser:
		return c.Mask(in[0])
	}
	return graph.Value{}
}

var (
	_ Layer          = SpectralNormalization{}
	_ Masker         = SpectralNormalization{}
	_ spec.Completer = SpectralNormalization{}
)
