package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Pipeline applies layers one after the other, as one layer: usually ones that
// prepare data.
//
// Input and output as those of the first and the last layer. Weights: those of the
// layers, under layers/random_flip, layers/dense, layers/dense_1 and so on.
type Pipeline struct {
	Layers     []any  `keras:"layers,pos,required,kind=layer"` // applied in this order; no models
	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true,noconfig"`
	DType      string `keras:"dtype,noconfig"`
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Pipeline](module) }

// Completed checks that the layers are layers.
func (d Pipeline) Completed() (any, error) {
	for i, v := range d.Layers {
		if _, ok := v.(Layer); !ok {
			return d, fmt.Errorf("layers[%d]: a %T cannot be in a Pipeline", i, v)
		}
	}
	return d, nil
}

// Build builds the layers, each for the output of the one before.
func (d Pipeline) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.input(in, d.DType)
	if !ok {
		return
	}
	for i, path := range childPaths("layers", d.Layers) {
		l := d.Layers[i].(Layer)
		b.child(path, l, s)
		if b.scope.Err() != nil {
			return
		}
		if s, ok = outputOf(b, l, s); !ok {
			return
		}
	}
}

// Call applies the layers.
func (d Pipeline) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	for i, path := range childPaths("layers", d.Layers) {
		if x.Graph().Err() != nil {
			return x
		}
		mask := c.Mask(x)
		y := c.child(path, d.Layers[i].(Layer), x)
		if _, passes := d.Layers[i].(MaskPasser); passes && mask.OK() && y.Graph().Err() == nil {
			c.env.Masks[y] = mask
		}
		x = y
	}
	return x
}

// childPaths names layers as Keras's files do: by class, the repeated ones numbered.
func childPaths(under string, list []any) []string {
	count := map[string]int{}
	paths := make([]string, len(list))
	for i, v := range list {
		name := fmt.Sprintf("%T", v)
		if c, ok := spec.ClassOf(v); ok {
			name = c.Name
		}
		paths[i] = under + "/" + spec.SnakeCase(name)
		if k := count[name]; k > 0 {
			paths[i] = fmt.Sprintf("%s_%d", paths[i], k)
		}
		count[name]++
	}
	return paths
}

var _ Layer = Pipeline{}
