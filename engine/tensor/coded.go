package tensor

import (
	"slices"
	"sync"
	"sync/atomic"
)

// coded is the data of a float32 tensor of which every element is a byte, the number
// of its value: a quarter of the memory. What asks for the float32s themselves gets
// them all, made at the first time; from then on they are the tensor's elements.
type coded struct {
	codes  []uint8
	values *[256]float32
	mu     sync.Mutex
	floats atomic.Pointer[[]float32] // nil until they are asked for
}

// Coded returns a float32 tensor whose element i is values[codes[i]], such as the
// grey of a pixel. It takes a byte an element until Float32s, or anything that writes,
// is called: Slice, Reshape, Gather, Cast, CopyFrom, Clone and At leave it as it is.
// Neither codes nor values are copied. Slices share memory with the tensor only if its
// Float32s was called before.
func Coded(codes []uint8, values *[256]float32, shape ...int) *Tensor {
	if n := Shape(shape).Size(); n != len(codes) {
		fail("Coded", "shape %v wants %d elements, got %d", Shape(shape), n, len(codes))
	}
	return &Tensor{Float32, slices.Clone(shape), &coded{codes: codes, values: values}}
}

// flat returns the data as a slice of elements.
func (t *Tensor) flat() any {
	if c, ok := t.data.(*coded); ok {
		return c.unpack()
	}
	return t.data
}

// stored returns the data as it is kept: *coded only as long as there are no float32s.
func (t *Tensor) stored() any {
	if c, ok := t.data.(*coded); ok {
		if f := c.floats.Load(); f != nil {
			return *f
		}
	}
	return t.data
}

// unpack makes the float32s, once.
func (c *coded) unpack() []float32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.floats.Load(); f != nil {
		return *f
	}
	f := make([]float32, len(c.codes))
	c.decode(f, 0)
	c.floats.Store(&f)
	return f
}

// decode writes the elements from place from on to d.
func (c *coded) decode(d []float32, from int) {
	codes, values := c.codes[from:from+len(d)], c.values
	d = d[:len(codes)] // tells the compiler that d[i] is in bounds
	for i, v := range codes {
		d[i] = values[v]
	}
}
