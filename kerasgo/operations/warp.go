package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[AffineTransform]("image")
	register[PerspectiveTransform]("image")
	register[MapCoordinates]("image")
	register[ScaleAndTranslate]("image")
}

// AffineTransform moves the pixels of images (N, H, W, C) or an image (H, W, C) by
// transforms (N, 8) or (8); [ops.AffineTransformOp] gives the formula. The transforms have
// no gradient.
type AffineTransform struct {
	Name          string `keras:"name"`
	Interpolation string `keras:"interpolation,default=bilinear,enum=nearest|bilinear"`          // how pixels between pixels are read
	FillMode      string `keras:"fill_mode,default=constant,enum=constant|nearest|wrap|reflect"` // what is beyond the edges
	FillValue     any    `keras:"fill_value,default=0"`                                          // with fill_mode constant: a number
	DataFormat    string `keras:"data_format,enum=channels_last|channels_first"`                 // where the channels are; None is channels_last
}

// Arguments are the images and the transforms.
func (AffineTransform) Arguments() []string { return []string{"images", "transform"} }

func (o AffineTransform) Call(c *Call) []Value {
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		t := c.X(1).to("float32").Value
		if len(t.Shape()) == 1 {
			t = ops.ExpandDims(t, 0)
		}
		if len(t.Shape()) == 2 && t.Shape()[0] == 1 {
			t = ops.BroadcastTo(t, x.Shape()[0], t.Shape()[1])
		}
		fill := NewCall(c.graph, []any{o.FillValue}).Number(0, 0)
		return ops.AffineTransform(x, ops.Cast(t, x.DType()), ops.AffineOptions{Interpolation: o.Interpolation, FillMode: o.FillMode, FillValue: fill})
	})
}

// PerspectiveTransform moves four points of each image (N, H, W, C), start, to other places,
// end, both (N, 4, 2) as (x, y), and the other pixels with them; without N for one image.
// The points have no gradient.
type PerspectiveTransform struct {
	Name          string `keras:"name"`
	Interpolation string `keras:"interpolation,default=bilinear,enum=nearest|bilinear"` // how pixels between pixels are read
	FillValue     any    `keras:"fill_value,default=0"`                                 // what is beyond the edges: a number
	DataFormat    string `keras:"data_format,enum=channels_last|channels_first"`        // where the channels are; None is channels_last
}

// Arguments are the images and the points before and after.
func (PerspectiveTransform) Arguments() []string {
	return []string{"images", "start_points", "end_points"}
}

func (o PerspectiveTransform) Call(c *Call) []Value {
	return c.pictures(o.DataFormat, func(x graph.Value) graph.Value {
		points := func(i int) graph.Value {
			p := c.X(i).to("float32").Value
			if len(p.Shape()) == 2 {
				p = ops.ExpandDims(p, 0)
			}
			if s := p.Shape(); len(s) == 3 && s[0] == 1 {
				p = ops.BroadcastTo(p, x.Shape()[0], s[1], s[2])
			}
			return p
		}
		fill := NewCall(c.graph, []any{o.FillValue}).Number(0, 0)
		return ops.PerspectiveTransform(x, points(1), points(2), ops.AffineOptions{Interpolation: o.Interpolation, FillValue: fill})
	})
}

// MapCoordinates reads a tensor at places (rank, …), which count elements along each of its
// axes: the result has the shape of the places without its first axis.
type MapCoordinates struct {
	Name      string `keras:"name"`
	Order     *int   `keras:"order,required,min=0,max=1"`                                           // 0 reads the nearest element, 1 interpolates
	FillMode  string `keras:"fill_mode,default=constant,enum=constant|nearest|wrap|mirror|reflect"` // what is beyond the edges; see [ops.MapOptions]
	FillValue any    `keras:"fill_value,default=0"`                                                 // with fill_mode constant: a number
}

// Arguments are the tensor and the places.
func (MapCoordinates) Arguments() []string { return []string{"inputs", "coordinates"} }

func (o MapCoordinates) Call(c *Call) []Value {
	x := c.X(0)
	dtype := realType(x.DType)
	v, places := x.to(dtype).Value, c.X(1).to(dtype).Value
	fill := NewCall(c.graph, []any{o.FillValue}).Number(0, 0)
	v = ops.MapCoordinates(v, places, ops.MapOptions{Nearest: *o.Order == 0, FillMode: o.FillMode, FillValue: fill})
	if !isFloat(x.DType) {
		v = ops.Round(v)
	}
	return []Value{make1(v, dtype).to(x.DType)}
}

// ScaleAndTranslate resizes axes of a tensor by given factors and moves it along them: place
// i of the result is (i + ½ - translation)/scale - ½ of x; places outside give 0.
// [ops.Resize] explains the methods.
type ScaleAndTranslate struct {
	Name        string `keras:"name"`
	SpatialDims []int  `keras:"spatial_dims,required"`                                                                            // the axes
	Method      string `keras:"method,required,enum=linear|bilinear|trilinear|triangle|cubic|bicubic|tricubic|lanczos3|lanczos5"` // how elements are made of elements
	Antialias   *bool  `keras:"antialias,default=true"`                                                                           // mix all the elements that one covers when an axis shrinks
}

// Arguments are the tensor, the shape of the result, and the numbers for each axis.
func (ScaleAndTranslate) Arguments() []string {
	return []string{"images", "output_shape", "scale", "translation"}
}

func (o ScaleAndTranslate) Call(c *Call) []Value {
	x, shape := c.X(0), c.intsOf(1)
	scale, move := c.numbersOf(2), c.numbersOf(3)
	axes := []int{}
	if len(o.SpatialDims) > 0 {
		axes = c.axes(o.SpatialDims, len(x.Shape()))
	}
	if !c.ok() || len(shape) != len(x.Shape()) || len(scale) != len(axes) || len(move) != len(axes) {
		return c.failed("output_shape wants %d lengths, scale and translation %d numbers known when the model is made", len(x.Shape()), len(axes))
	}
	method := map[string]string{"cubic": "bicubic", "bicubic": "bicubic", "tricubic": "bicubic", "lanczos3": "lanczos3", "lanczos5": "lanczos5"}[o.Method]
	v := x.to(realType(x.DType)).Value
	for i, a := range axes {
		if !c.sized(v.Shape()[a], shape[a]) { // the weights
			return []Value{x}
		}
		v = ops.ScaleAndTranslate(v, a, shape[a], scale[i], move[i], ops.ResizeOptions{Interpolation: method, Antialias: *o.Antialias})
	}
	if !c.ok() || !slices.Equal([]int(v.Shape()), shape) {
		return c.failed("output_shape %v differs from %v outside the axes %v", shape, x.Shape(), axes)
	}
	if !isFloat(x.DType) {
		low, high := ops.Min(x.Value, nil, false), ops.Max(x.Value, nil, false)
		v = ops.Minimum(ops.Maximum(ops.Round(v), ops.Cast(low, v.DType())), ops.Cast(high, v.DType()))
	}
	return one(v, x.DType)
}
