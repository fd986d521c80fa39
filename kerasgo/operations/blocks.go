package operations

import (
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[DepthToSpace]("nn")
	register[SpaceToDepth]("nn")
}

// DepthToSpace turns channels (N, H, W, C·b²) into blocks of pixels (N, H·b, W·b, C).
type DepthToSpace struct {
	ofX
	Name       string `keras:"name"`
	BlockSize  int    `keras:"block_size,required,min=2"`                            // side b of the blocks
	DataFormat string `keras:"data_format,default=channels_last,enum=channels_last"` // order of the axes
}

func (o DepthToSpace) Call(c *Call) []Value { return o.unfold(c) }

// SpaceToDepth turns blocks of pixels (N, H·b, W·b, C) into channels (N, H, W, C·b²).
type SpaceToDepth struct {
	ofX
	Name       string `keras:"name"`
	BlockSize  int    `keras:"block_size,required,min=2"`                            // side b of the blocks
	DataFormat string `keras:"data_format,default=channels_last,enum=channels_last"` // order of the axes
}

func (o SpaceToDepth) Call(c *Call) []Value { return o.fold(c) }

func (o DepthToSpace) unfold(c *Call) []Value {
	x, b := c.X(0), o.BlockSize
	s := x.Shape()
	if len(s) != 4 || s[3]%(b*b) != 0 {
		return c.failed("shape %v has no blocks of %d by %d", s, b, b)
	}
	v := ops.Reshape(x.Value, s[0], s[1], s[2], b, b, s[3]/(b*b))
	v = ops.Transpose(v, 0, 1, 3, 2, 4, 5)
	return one(ops.Reshape(v, s[0], s[1]*b, s[2]*b, s[3]/(b*b)), x.DType)
}

func (o SpaceToDepth) fold(c *Call) []Value {
	x, b := c.X(0), o.BlockSize
	s := x.Shape()
	if len(s) != 4 || s[1]%b != 0 || s[2]%b != 0 {
		return c.failed("shape %v has no blocks of %d by %d", s, b, b)
	}
	v := ops.Reshape(x.Value, s[0], s[1]/b, b, s[2]/b, b, s[3])
	v = ops.Transpose(v, 0, 1, 3, 2, 4, 5)
	return one(ops.Reshape(v, s[0], s[1]/b, s[2]/b, s[3]*b*b), x.DType)
}
