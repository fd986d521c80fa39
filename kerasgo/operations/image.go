package operations

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[PSNR]("nn")
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
