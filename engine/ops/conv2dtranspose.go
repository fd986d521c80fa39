package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// TransposeOptions says how Conv2DTranspose grows an image. Zero strides and
// dilations mean 1, the zero padding "valid".
type TransposeOptions struct {
	Strides, Dilation [2]int
	Padding           string // "valid" or "same"
	// OutputPadding, when not nil, sets how many pixels the output has beyond the
	// smallest possible image; nil chooses in·stride for "same" and what covers
	// all strides for "valid", as Keras does.
	OutputPadding *[2]int
}

// Conv2DTranspose is the gradient of a convolution with respect to its images,
// used as a layer: x (N, H, W, Cin), w (kh, kw, Cout, Cin). With the dilated
// kernel length k, an axis of n becomes
//
//	valid: (n-1)·s + k + max(s-k, 0)        same: n·s
//	       (n-1)·s + k + OutputPadding            (n-1)·s + k%2 + OutputPadding
func Conv2DTranspose(x, w graph.Value, o TransposeOptions) graph.Value {
	const name = "Conv2DTranspose"
	if broken(x) {
		return x
	}
	xs, ws := x.Shape(), w.Shape()
	op := Conv2DOp{Strides: orOnes(o.Strides), Dilation: orOnes(o.Dilation), Groups: 1}
	if len(xs) != 4 || len(ws) != 4 || xs[3] != ws[3] {
		return reject(x, name, "wants images (N, H, W, Cin) and kernels (kh, kw, Cout, Cin), got %v and %v", xs, ws)
	}
	same := o.Padding == "same"
	if !same && o.Padding != "valid" && o.Padding != "" {
		return reject(x, name, "unknown padding %q (known: valid, same)", o.Padding)
	}
	to := shape{xs[0], 0, 0, ws[2]}
	for i := range 2 {
		s, k := op.Strides[i], (ws[i]-1)*op.Dilation[i]+1
		if s < 1 || op.Dilation[i] < 1 {
			return reject(x, name, "strides %v, dilation %v: out of range", op.Strides, op.Dilation)
		}
		least := (xs[1+i]-1)*s + k
		if same {
			least -= k / 2 * 2
		}
		switch {
		case o.OutputPadding != nil:
			to[1+i] = least + o.OutputPadding[i]
		case same:
			to[1+i] = xs[1+i] * s
		default:
			to[1+i] = least + max(s-k, 0)
		}
		if to[1+i] < 1 {
			return reject(x, name, "the output of %v would be empty", xs)
		}
	}
	op.PadBefore, op.PadAfter, _ = windowPads(o.Padding, to, [2]int{ws[0], ws[1]}, op.Strides, op.Dilation)
	return graph.Apply1(Conv2DInputGradOp{op, graph.MakeDims(to...)}, w, x)
}
