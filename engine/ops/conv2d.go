package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Conv2DOp correlates images with kernels:
//
//	y[n,i,j,o] = Σ x[n, i·Strides[0]+p·Dilation[0]-PadBefore[0], j·…, c] · w[p,q,c,o]
//
// over p, q and the input channels c of the group of o. Inputs outside the image
// are 0. x is (N, H, W, Cin), w (kh, kw, Cin/Groups, Cout), y (N, Ho, Wo, Cout).
type Conv2DOp struct {
	Strides, Dilation, PadBefore, PadAfter [2]int
	Groups                                 int
}

// Infer checks ranks, channels and groups, and that a window fits.
func (o Conv2DOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("Conv2D", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("Conv2D", in...); err != nil {
		return nil, err
	}
	x, w := in[0].Shape, in[1].Shape
	if err := o.check("Conv2D", x, w); err != nil {
		return nil, err
	}
	y := o.out(x, w)
	if y[1] <= 0 || y[2] <= 0 {
		return nil, misfit("Conv2D", "kernel %v with dilation %v does not fit into the padded image %v", w[:2], shape(o.Dilation[:]),
			shape{x[1] + o.PadBefore[0] + o.PadAfter[0], x[2] + o.PadBefore[1] + o.PadAfter[1]})
	}
	return one(in[0].DType, y)
}

// check says what is wrong with images x, kernels w or the attributes.
func (o Conv2DOp) check(op string, x, w shape) error {
	switch {
	case len(x) != 4 || len(w) != 4:
		return misfit(op, "wants images (N, H, W, Cin) and kernels (kh, kw, Cin/groups, Cout), got %v and %v", x, w)
	case o.Groups < 1 || x[3]%o.Groups != 0 || w[3]%o.Groups != 0:
		return misfit(op, "%d groups do not divide the channels of images %v and kernels %v", o.Groups, x, w)
	case x[3] != w[2]*o.Groups:
		return misfit(op, "images %v have %d channels, kernels %v in %d groups want %d", x, x[3], w, o.Groups, w[2]*o.Groups)
	}
	for i := range 2 {
		if o.Strides[i] < 1 || o.Dilation[i] < 1 || o.PadBefore[i] < 0 || o.PadAfter[i] < 0 || w[i] < 1 {
			return misfit(op, "strides %v, dilation %v, padding %v and %v, kernel %v: out of range", o.Strides, o.Dilation, o.PadBefore, o.PadAfter, w[:2])
		}
	}
	return nil
}

// out returns the shape of y.
func (o Conv2DOp) out(x, w shape) shape {
	y := shape{x[0], 0, 0, w[3]}
	for i := range 2 {
		y[1+i] = windowOut(x[1+i], w[i], o.Strides[i], o.Dilation[i], o.PadBefore[i], o.PadAfter[i])
	}
	return y
}

// Gradient is a Conv2DInputGradOp and a Conv2DFilterGradOp.
func (o Conv2DOp) Gradient(in, out, dout []value) []value {
	x, w, dy := in[0], in[1], dout[0]
	var dx, dw value
	if !isConst(x) {
		dx = graph.Apply1(Conv2DInputGradOp{o, graph.MakeDims(x.Shape()...)}, w, dy)
	}
	if !isConst(w) {
		dw = graph.Apply1(Conv2DFilterGradOp{o, graph.MakeDims(w.Shape()...)}, x, dy)
	}
	return []value{dx, dw}
}

// taps visits every pair of an output pixel and a kernel cell that meets a pixel
// of the image, output pixel by output pixel. It passes where their channels
// begin in x, w and y; done follows the last tap of each output pixel.
func (o Conv2DOp) taps(x, w, y shape, tap func(xAt, wAt, yAt int), done func(yAt int)) {
	for n := range y[0] {
		for i := range y[1] {
			for j := range y[2] {
				yAt := ((n*y[1]+i)*y[2] + j) * y[3]
				for p := range w[0] {
					h := i*o.Strides[0] + p*o.Dilation[0] - o.PadBefore[0]
					if h < 0 || h >= x[1] {
						continue
					}
					for q := range w[1] {
						v := j*o.Strides[1] + q*o.Dilation[1] - o.PadBefore[1]
						if v >= 0 && v < x[2] {
							tap(((n*x[1]+h)*x[2]+v)*x[3], (p*w[1]+q)*w[2]*w[3], yAt)
						}
					}
				}
				if done != nil {
					done(yAt)
				}
			}
		}
	}
}

// Eval sums tap by tap, all output channels of a pixel at once.
func (o Conv2DOp) Eval(out, in []array) {
	if out[0].DType() == tensor.Float32 {
		conv2D[float32](o, out[0], in[0], in[1])
	} else {
		conv2D[float64](o, out[0], in[0], in[1])
	}
}

func conv2D[T float](o Conv2DOp, out, images, kernels array) {
	x, w, y := tensor.Data[T](images), tensor.Data[T](kernels), tensor.Data[T](out)
	s := kernels.Shape()
	cin, cout := s[2], s[3]/o.Groups // channels of a group
	acc := make([]float64, s[3])
	o.taps(images.Shape(), s, out.Shape(), func(xAt, wAt, yAt int) {
		for g := range o.Groups {
			to := acc[g*cout : (g+1)*cout]
			for c := range cin {
				v := float64(x[xAt+g*cin+c])
				row := w[wAt+c*s[3]+g*cout:][:cout]
				for k, u := range row {
					to[k] += v * float64(u)
				}
			}
		}
	}, func(yAt int) {
		store(y[yAt:], acc)
		clear(acc)
	})
}

// ConvOptions says how a window moves over an image. Zero values mean stride 1,
// dilation 1, padding "valid" and one group.
type ConvOptions struct {
	Strides, Dilation [2]int
	// Padding is "valid", "same" (output ceil(in/stride), odd zeros at the bottom
	// and right) or "causal" ((k-1)·dilation zeros in front, none behind).
	Padding string
	Groups  int
}

// Conv2D correlates images x (N, H, W, Cin) with kernels w (kh, kw, Cin/groups,
// Cout).
func Conv2D(x, w graph.Value, o ConvOptions) graph.Value {
	if broken(x) {
		return x
	}
	op := Conv2DOp{Strides: orOnes(o.Strides), Dilation: orOnes(o.Dilation), Groups: max(o.Groups, 1)}
	if op.Strides[0] < 1 || op.Strides[1] < 1 || len(x.Shape()) != 4 || len(w.Shape()) != 4 {
		return graph.Apply1(op, x, w) // which says what is wrong
	}
	size := [2]int{w.Shape()[0], w.Shape()[1]}
	var ok bool
	op.PadBefore, op.PadAfter, ok = windowPads(o.Padding, x.Shape(), size, op.Strides, op.Dilation)
	if !ok {
		return reject(x, "Conv2D", "unknown padding %q (known: valid, same, causal)", o.Padding)
	}
	return graph.Apply1(op, x, w)
}

var _ graph.Op = Conv2DOp{}
