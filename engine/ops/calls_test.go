package ops_test

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// attrs are the attributes of a recorded case.
type attrs struct {
	V, Lo, Hi            float64
	DType                string
	Shape, Perm, Axes    []int
	Starts, Sizes, Steps []int
	Pads                 [][2]int
	Axis, N, K, Depth    int
	Keep, TA, TB         bool
	Strides, Dilation    [2]int
	Size, Extra          [2]int
	Padding, Equation    string
	Groups, H, W         int
	Blank, Beam, Paths   int
	Greedy, Merge        bool
	Mode, Fill           string
}

func (a attrs) affine() ops.AffineOptions {
	return ops.AffineOptions{Interpolation: a.Mode, FillMode: a.Fill, FillValue: a.V}
}

func (a attrs) dtype() tensor.DType {
	d, err := tensor.ParseDType(a.DType)
	if err != nil {
		panic(err)
	}
	return d
}

type call func(x []graph.Value, a attrs) []graph.Value

func one(f func(x graph.Value, a attrs) graph.Value) call {
	return func(x []graph.Value, a attrs) []graph.Value { return []graph.Value{f(x[0], a)} }
}

func unary(f func(x graph.Value) graph.Value) call {
	return one(func(x graph.Value, _ attrs) graph.Value { return f(x) })
}

func binaryCall(f func(a, b graph.Value) graph.Value) call {
	return func(x []graph.Value, _ attrs) []graph.Value { return []graph.Value{f(x[0], x[1])} }
}

func scalar(f func(x graph.Value, v float64) graph.Value) call {
	return one(func(x graph.Value, a attrs) graph.Value { return f(x, a.V) })
}

func reduction(f func(x graph.Value, axes []int, keep bool) graph.Value) call {
	return one(func(x graph.Value, a attrs) graph.Value { return f(x, a.Axes, a.Keep) })
}

func along(f func(x graph.Value, axis int) graph.Value) call {
	return one(func(x graph.Value, a attrs) graph.Value { return f(x, a.Axis) })
}

func joined(f func(axis int, xs ...graph.Value) graph.Value) call {
	return func(x []graph.Value, a attrs) []graph.Value { return []graph.Value{f(a.Axis, x...)} }
}

// calls says how each recorded case is written with package ops.
var calls = map[string]call{
	"Neg": unary(ops.Neg), "Abs": unary(ops.Abs), "Sign": unary(ops.Sign), "Exp": unary(ops.Exp), "Expm1": unary(ops.Expm1),
	"Log": unary(ops.Log), "Log1p": unary(ops.Log1p), "Sqrt": unary(ops.Sqrt), "Rsqrt": unary(ops.Rsqrt), "Square": unary(ops.Square),
	"Reciprocal": unary(ops.Reciprocal), "Sin": unary(ops.Sin), "Cos": unary(ops.Cos), "Atan": unary(ops.Atan), "Tanh": unary(ops.Tanh),
	"Sigmoid": unary(ops.Sigmoid), "Erf": unary(ops.Erf), "Relu": unary(ops.Relu), "Floor": unary(ops.Floor), "Ceil": unary(ops.Ceil),
	"Round": unary(ops.Round), "Softplus": unary(ops.Softplus), "LogSigmoid": unary(ops.LogSigmoid), "Not": unary(ops.Not),
	"BFloat16": unary(ops.BFloat16), "Float16": unary(ops.Float16),

	"Add": binaryCall(ops.Add), "Sub": binaryCall(ops.Sub), "Mul": binaryCall(ops.Mul), "Div": binaryCall(ops.Div), "Pow": binaryCall(ops.Pow),
	"Maximum": binaryCall(ops.Maximum), "Minimum": binaryCall(ops.Minimum), "Greater": binaryCall(ops.Greater),
	"GreaterEqual": binaryCall(ops.GreaterEqual), "Less": binaryCall(ops.Less), "LessEqual": binaryCall(ops.LessEqual),
	"Equal": binaryCall(ops.Equal), "NotEqual": binaryCall(ops.NotEqual), "And": binaryCall(ops.And), "Or": binaryCall(ops.Or),

	"AddScalar": scalar(ops.AddScalar), "SubScalar": scalar(ops.SubScalar), "MulScalar": scalar(ops.MulScalar),
	"DivScalar": scalar(ops.DivScalar), "PowScalar": scalar(ops.PowScalar), "MaximumScalar": scalar(ops.MaximumScalar),
	"MinimumScalar": scalar(ops.MinimumScalar),
	"Clip":          one(func(x graph.Value, a attrs) graph.Value { return ops.Clip(x, a.Lo, a.Hi) }),
	"Cast":          one(func(x graph.Value, a attrs) graph.Value { return ops.Cast(x, a.dtype()) }),
	"StopGradient":  unary(func(x graph.Value) graph.Value { return ops.Add(x, ops.StopGradient(ops.Mul(x, x))) }),
	"Where": func(x []graph.Value, _ attrs) []graph.Value {
		return []graph.Value{ops.Where(x[0], x[1], x[2])}
	},

	"Reshape":     one(func(x graph.Value, a attrs) graph.Value { return ops.Reshape(x, a.Shape...) }),
	"Transpose":   one(func(x graph.Value, a attrs) graph.Value { return ops.Transpose(x, a.Perm...) }),
	"BroadcastTo": one(func(x graph.Value, a attrs) graph.Value { return ops.BroadcastTo(x, a.Shape...) }),
	"ExpandDims":  along(ops.ExpandDims),
	"Squeeze":     along(ops.Squeeze),
	"Concat":      joined(ops.Concat),
	"Stack":       joined(ops.Stack),
	"Slice":       one(func(x graph.Value, a attrs) graph.Value { return ops.Slice(x, a.Starts, a.Sizes) }),
	"SliceStep":   one(func(x graph.Value, a attrs) graph.Value { return ops.SliceStep(x, a.Starts, a.Sizes, a.Steps) }),
	"Pad":         one(func(x graph.Value, a attrs) graph.Value { return ops.Pad(x, a.Pads, a.V) }),
	"Flip":        one(func(x graph.Value, a attrs) graph.Value { return ops.Flip(x, a.Axes...) }),
	"Repeat":      one(func(x graph.Value, a attrs) graph.Value { return ops.Repeat(x, a.N, a.Axis) }),
	"Gather":      binaryCall(ops.Gather),
	"OneHot":      one(func(x graph.Value, a attrs) graph.Value { return ops.OneHot(x, a.Depth, a.dtype()) }),
	"CTCLoss": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.CTCLoss(x[0], x[1], x[2], x[3], a.Blank)}
	},
	"CTCDecode": func(x []graph.Value, a attrs) []graph.Value {
		labels, numbers := ops.CTCDecode(x[0], x[1], ops.CTCDecodeOp{Greedy: a.Greedy, Merge: a.Merge, Beam: a.Beam, Paths: a.Paths, Blank: a.Blank})
		return []graph.Value{labels, numbers}
	},
	"TakeAlong": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.TakeAlong(x[0], x[1], a.Axis)}
	},

	"Sum": reduction(ops.Sum), "Mean": reduction(ops.Mean), "Max": reduction(ops.Max), "Min": reduction(ops.Min),
	"Prod": reduction(ops.Prod), "Variance": reduction(ops.Variance), "LogSumExp": reduction(ops.LogSumExp),
	"ArgMax": along(ops.ArgMax), "CumSum": along(ops.CumSum), "Sort": along(ops.Sort),
	"TopK": func(x []graph.Value, a attrs) []graph.Value {
		values, ids := ops.TopK(x[0], a.K)
		return []graph.Value{values, ids}
	},

	"MatMul": binaryCall(ops.MatMul),
	"MatMulT": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.MatMulT(x[0], x[1], a.TA, a.TB)}
	},
	"Einsum": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.Einsum(a.Equation, x[0], x[1])}
	},
	"DotProductAttention": func(x []graph.Value, a attrs) []graph.Value {
		mask := append(x, graph.Value{})[3]
		return []graph.Value{ops.DotProductAttention(x[0], x[1], x[2], mask, ops.AttentionOptions{Scale: a.V, Causal: a.Keep})}
	},
	"Softmax": along(ops.Softmax), "LogSoftmax": along(ops.LogSoftmax),
	"Conv2D": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.Conv2D(x[0], x[1], ops.ConvOptions{Strides: a.Strides, Dilation: a.Dilation, Padding: a.Padding, Groups: a.Groups})}
	},
	"Conv2DTranspose": func(x []graph.Value, a attrs) []graph.Value {
		o := ops.TransposeOptions{Strides: a.Strides, Dilation: a.Dilation, Padding: a.Padding}
		if a.Extra[0] >= 0 {
			o.OutputPadding = &a.Extra
		}
		return []graph.Value{ops.Conv2DTranspose(x[0], x[1], o)}
	},
	"MaxPool2D": one(func(x graph.Value, a attrs) graph.Value {
		return ops.MaxPool2D(x, ops.PoolOptions{Size: a.Size, Strides: a.Strides, Padding: a.Padding})
	}),
	"AvgPool2D": one(func(x graph.Value, a attrs) graph.Value {
		return ops.AvgPool2D(x, ops.PoolOptions{Size: a.Size, Strides: a.Strides, Padding: a.Padding})
	}),
	"ResizeBilinear": one(func(x graph.Value, a attrs) graph.Value { return ops.ResizeBilinear(x, a.H, a.W) }),
	"Resize": one(func(x graph.Value, a attrs) graph.Value {
		return ops.Resize(x, a.Size[0], a.Size[1], ops.ResizeOptions{Interpolation: a.Mode, Antialias: a.Keep})
	}),
	"AffineTransform": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.AffineTransform(x[0], x[1], a.affine())}
	},
	"PerspectiveTransform": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.PerspectiveTransform(x[0], x[1], x[2], a.affine())}
	},
	"MapCoordinates": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.MapCoordinates(x[0], x[1], ops.MapOptions{Nearest: a.Keep, FillMode: a.Fill, FillValue: a.V})}
	},
	"RGBToGrayscale": unary(ops.RGBToGrayscale), "RGBToHSV": unary(ops.RGBToHSV), "HSVToRGB": unary(ops.HSVToRGB),
	"GaussianBlur": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.GaussianBlur(x[0], a.Size, x[1])}
	},
	"ExtractPatches": one(func(x graph.Value, a attrs) graph.Value {
		return ops.ExtractPatches(x, a.Size, a.Strides, [2]int{1, 1})
	}),
	"Crop": func(x []graph.Value, a attrs) []graph.Value {
		return []graph.Value{ops.Crop(x[0], x[1], a.Size[0], a.Size[1])}
	},
	"Atan2":    binaryCall(ops.Atan2),
	"Bincount": one(func(x graph.Value, a attrs) graph.Value { return ops.Bincount(x, a.N) }),
}
