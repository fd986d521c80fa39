package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// CropOp cuts H rows and W columns out of images (N, h, w, C), all at one place
// that is computed: (2), int32, the first row and the first column. A place from
// where they would reach over the edge is moved back. Where the place is known,
// Slice does it.
type CropOp struct{ H, W int }

// CropGradOp puts images (N, h, w, C) into larger ones of zeros, (N, H, W, C). It is
// the gradient of CropOp.
type CropGradOp struct{ H, W int }

// Infer wants images that are large enough.
func (o CropOp) Infer(in []spec) ([]spec, error) {
	if err := cropInfer("Crop", in); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if o.H < 0 || o.W < 0 || o.H > s[1] || o.W > s[2] {
		return nil, misfit("Crop", "cannot cut %v out of %v", shape{o.H, o.W}, s)
	}
	return one(in[0].DType, shape{s[0], o.H, o.W, s[3]})
}

// Infer wants images that are small enough.
func (o CropGradOp) Infer(in []spec) ([]spec, error) {
	if err := cropInfer("CropGrad", in); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if o.H < s[1] || o.W < s[2] {
		return nil, misfit("CropGrad", "cannot put %v into %v", s, shape{o.H, o.W})
	}
	return one(in[0].DType, shape{s[0], o.H, o.W, s[3]})
}

func cropInfer(op string, in []spec) error {
	if err := wantInputs(op, in, 2); err != nil {
		return err
	}
	if err := wantNumber(op, in[0]); err != nil {
		return err
	}
	if len(in[0].Shape) != 4 || in[1].DType != tensor.Int32 || !in[1].Shape.Equal(shape{2}) {
		return misfit(op, "wants images (N, H, W, C) and a place int32 (2,), got %v and %v", in[0], in[1])
	}
	return nil
}

// Gradient puts back.
func (o CropOp) Gradient(in, out, dout []value) []value {
	s := in[0].Shape()
	return []value{graph.Apply1(CropGradOp{s[1], s[2]}, dout[0], in[1]), {}}
}

// Gradient cuts out again.
func (o CropGradOp) Gradient(in, out, dout []value) []value {
	s := in[0].Shape()
	return []value{graph.Apply1(CropOp{s[1], s[2]}, dout[0], in[1]), {}}
}

// Eval copies row by row.
func (o CropOp) Eval(out, in []array) { cropAny(in[0], out[0], in[1].Int32s(), false) }

// Eval copies row by row.
func (o CropGradOp) Eval(out, in []array) { cropAny(out[0], in[0], in[1].Int32s(), true) }

func cropAny(large, small array, place []int32, back bool) {
	switch large.DType() {
	case tensor.Float32:
		cropRows[float32](large, small, place, back)
	case tensor.Float64:
		cropRows[float64](large, small, place, back)
	case tensor.Int32:
		cropRows[int32](large, small, place, back)
	case tensor.Int64:
		cropRows[int64](large, small, place, back)
	}
}

// cropRows copies rows from the large images into the small ones, or back.
func cropRows[T number](large, small array, place []int32, back bool) {
	l, s := large.Shape(), small.Shape()
	x, y := tensor.Data[T](large), tensor.Data[T](small)
	top := min(max(int(place[0]), 0), l[1]-s[1])
	left := min(max(int(place[1]), 0), l[2]-s[2])
	row := s[2] * s[3]
	if back {
		clear(x)
	}
	for i := range s[0] * s[1] {
		from := x[((i/s[1]*l[1]+i%s[1]+top)*l[2]+left)*l[3]:][:row]
		to := y[i*row : (i+1)*row]
		if back {
			copy(from, to)
		} else {
			copy(to, from)
		}
	}
}

// Crop cuts h rows and w columns out of images (N, H, W, C), from the row and the
// column in place, int32 (2), on.
func Crop(images, place graph.Value, h, w int) graph.Value {
	return graph.Apply1(CropOp{h, w}, images, place)
}

var (
	_ graph.Op = CropOp{}
	_ graph.Op = CropGradOp{}
)
