package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[PSNR]("nn")
	register[SSIM]("image")
}

// PSNR computes the ratio of peak signal to noise of two images in decibels: 20·log10(MaxVal) - 10·log10(mean of squared differences).
type PSNR struct {
	ofPair
	Name   string  `keras:"name"`
	MaxVal float64 `keras:"max_val,required"` // largest value of the signal
}

func (o PSNR) Call(c *Call) []Value {
	a, b, d := c.realPair()
	noise := ops.Mean(ops.Square(ops.Sub(a, b)), nil, false)
	return one(ops.SubScalarFrom(20*math.Log10(o.MaxVal), logTo(math.Ln10/10)(noise)), d)
}

// SSIM computes the structural similarity (N) of images (N, H, W, C), or of two images
// (H, W, C) (Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment", 2004), from
// means, variances and covariance in windows weighed by a Gaussian.
type SSIM struct {
	Name        string   `keras:"name"`
	MaxVal      *float64 `keras:"max_val,default=1.0"`                           // largest value of the images
	FilterSize  *int     `keras:"filter_size,default=11,min=1"`                  // side of the windows
	FilterSigma *float64 `keras:"filter_sigma,default=1.5"`                      // standard deviation of the weights
	K1          *float64 `keras:"k1,default=0.01"`                               // (K1·MaxVal)² is added to the means' term
	K2          *float64 `keras:"k2,default=0.03"`                               // (K2·MaxVal)² is added to the variances' term
	DataFormat  string   `keras:"data_format,enum=channels_last|channels_first"` // where the channels are; None is channels_last
}

// Arguments are the images.
func (SSIM) Arguments() []string { return []string{"image1", "image2"} }

func (o SSIM) Call(c *Call) []Value {
	x, y, dtype := c.realPair()
	if !c.within("filter_size", *o.FilterSize, maxParts) || !x.Shape().Equal(y.Shape()) {
		return c.failed("images of one shape are wanted, not %v and %v", x.Shape(), y.Shape())
	}
	var other graph.Value
	c.inLast(y, o.DataFormat, func(y graph.Value) graph.Value { other = y; return y })
	out := c.inLast(x, o.DataFormat, func(x graph.Value) graph.Value { return o.compare(c, x, other) })
	if !c.ok() {
		return []Value{c.X(0)}
	}
	axes := []int{0, 1, 2} // all of one image, but not the batch
	if len(out.Shape()) == 4 {
		axes = []int{1, 2, 3}
	}
	return one(ops.Mean(out, axes, false), dtype)
}

// compare returns the similarity in each window, (N, h, w, C).
func (o SSIM) compare(c *Call, x, y graph.Value) graph.Value {
	size, channels := *o.FilterSize, x.Shape()[3]
	if x.Shape()[1] < size || x.Shape()[2] < size {
		c.fail("images %v are smaller than filter_size %d", x.Shape(), size)
		return x
	}
	weights, total := tensor.New(tensor.Float64, size, size, 1, channels), 0.0
	row := make([]float64, size)
	for i := range row {
		d := float64(i) - float64(size-1)/2
		row[i] = math.Exp(-d * d / (2 * *o.FilterSigma * *o.FilterSigma))
		total += row[i]
	}
	for i := range weights.Size() {
		k := i / channels
		weights.SetFloat64At(i, row[k/size]*row[k%size]/(total*total))
	}
	kernel := ops.Const(c.graph, weights.Cast(x.DType()))
	mean := func(v graph.Value) graph.Value {
		return ops.Conv2D(v, kernel, ops.ConvOptions{Padding: "valid", Groups: channels})
	}
	mx, my := mean(x), mean(y)
	xx, yy, xy := ops.Square(mx), ops.Square(my), ops.Mul(mx, my)
	vx, vy, cov := ops.Sub(mean(ops.Square(x)), xx), ops.Sub(mean(ops.Square(y)), yy), ops.Sub(mean(ops.Mul(x, y)), xy)
	c1, c2 := math.Pow(*o.K1**o.MaxVal, 2), math.Pow(*o.K2**o.MaxVal, 2)
	above := ops.Mul(ops.AddScalar(ops.MulScalar(xy, 2), c1), ops.AddScalar(ops.MulScalar(cov, 2), c2))
	below := ops.Mul(ops.AddScalar(ops.Add(xx, yy), c1), ops.AddScalar(ops.Add(vx, vy), c2))
	return ops.Div(above, below)
}
