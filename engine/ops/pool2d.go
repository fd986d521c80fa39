package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// Pool2D is how a pooling window moves over images (N, H, W, C).
type Pool2D struct{ Size, Strides, PadBefore, PadAfter [2]int }

// infer returns (N, Ho, Wo, C), or says why no window fits.
func (p Pool2D) infer(op string, in spec) ([]spec, error) {
	if err := wantFloat(op, in); err != nil {
		return nil, err
	}
	x := in.Shape
	if len(x) != 4 {
		return nil, misfit(op, "wants images (N, H, W, C), got %v", x)
	}
	y := x.Clone()
	for i := range 2 {
		if p.Size[i] < 1 || p.Strides[i] < 1 || p.PadBefore[i] < 0 || p.PadAfter[i] < 0 || p.PadBefore[i] >= p.Size[i] || p.PadAfter[i] >= p.Size[i] {
			return nil, misfit(op, "size %v, strides %v, padding %v and %v: out of range", p.Size, p.Strides, p.PadBefore, p.PadAfter)
		}
		y[1+i] = windowOut(x[1+i], p.Size[i], p.Strides[i], 1, p.PadBefore[i], p.PadAfter[i])
		if y[1+i] <= 0 {
			return nil, misfit(op, "a window of %v does not fit into the images %v", shape(p.Size[:]), x)
		}
	}
	return one(in.DType, y)
}

// windows visits the windows: where its channels begin in the output y, and the
// pixels [h0, h1) × [w0, w1) of image n that are in it.
func (p Pool2D) windows(x, y shape, visit func(yAt, n, h0, h1, w0, w1 int)) {
	for n := range y[0] {
		for i := range y[1] {
			h := i*p.Strides[0] - p.PadBefore[0]
			for j := range y[2] {
				w := j*p.Strides[1] - p.PadBefore[1]
				visit(((n*y[1]+i)*y[2]+j)*y[3], n, max(h, 0), min(h+p.Size[0], x[1]), max(w, 0), min(w+p.Size[1], x[2]))
			}
		}
	}
}

// PoolOptions says how a pooling window moves. Zero strides mean the size; the
// padding is "valid", the default, or "same".
type PoolOptions struct {
	Size, Strides [2]int
	Padding       string
}

// resolve works the options out for images x; false when an error was recorded.
func (o PoolOptions) resolve(op string, x value) (Pool2D, bool) {
	if broken(x) {
		return Pool2D{}, false
	}
	p := Pool2D{Size: o.Size, Strides: o.Strides}
	for i := range 2 {
		if p.Strides[i] == 0 {
			p.Strides[i] = p.Size[i]
		}
	}
	if len(x.Shape()) != 4 || p.Strides[0] < 1 || p.Strides[1] < 1 {
		return p, true // Infer says what is wrong
	}
	if o.Padding == "causal" {
		reject(x, op, "padding causal is for convolutions")
		return p, false
	}
	var ok bool
	p.PadBefore, p.PadAfter, ok = windowPads(o.Padding, x.Shape(), p.Size, p.Strides, [2]int{1, 1})
	if !ok {
		reject(x, op, "unknown padding %q (known: valid, same)", o.Padding)
	}
	return p, ok
}

// MaxPool2D returns the largest element of each window; outside the image there
// is nothing. The gradient goes to the first of equals.
func MaxPool2D(x graph.Value, o PoolOptions) graph.Value {
	p, ok := o.resolve("MaxPool2D", x)
	if !ok {
		return x
	}
	return graph.Apply1(MaxPool2DOp{p}, x)
}

// AvgPool2D returns the mean of each window, over the elements that lie inside
// the image.
func AvgPool2D(x graph.Value, o PoolOptions) graph.Value {
	p, ok := o.resolve("AvgPool2D", x)
	if !ok {
		return x
	}
	return graph.Apply1(AvgPool2DOp{p}, x)
}
