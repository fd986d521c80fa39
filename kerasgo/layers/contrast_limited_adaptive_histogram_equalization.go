package layers

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ContrastLimitedAdaptiveHistogramEqualization spreads the values of each image and
// channel evenly over ValueRange, in training and outside, by tables that are counted
// in tiles of the image and mixed by the distance of a pixel to the tiles around it
// (CLAHE: Zuiderveld, "Contrast limited adaptive histogram equalization", 1994). An
// image that tiles do not divide is mirrored at its lower and right edge.
//
// Input and output (batch, height, width, channels), or with channels after batch for
// channels_first.
type ContrastLimitedAdaptiveHistogramEqualization struct {
	ValueRange          [2]float64 `keras:"value_range,pos,default=0|255"`                                                                                          // of the pixels
	ClipLimit           *float64   `keras:"clip_limit,default=4.0"`                                                                                                 // how often a value counts at most, as a multiple of the mean; what is above is shared out. No limit at or below 0
	TileGridSize        [2]int     `keras:"tile_grid_size,default=8,min=1"`                                                                                         // rows and columns of tiles
	DataFormat          string     `keras:"data_format,default=channels_last,enum=channels_last|channels_first"`                                                    // where the channels are
	BoundingBoxFormat   string     `keras:"bounding_box_format,omitdefault,enum=xyxy|yxyx|xywh|center_xywh|center_yxhw|rel_xyxy|rel_yxyx|rel_xywh|rel_center_xywh"` // of the boxes that keras.Augment moves
	ActivityRegularizer any        `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name                string     `keras:"name"`
	Trainable           *bool      `keras:"trainable,default=true"`
	DType               string     `keras:"dtype"`
	InputShape          []int      `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[ContrastLimitedAdaptiveHistogramEqualization](module) }

// Build checks the input.
func (d ContrastLimitedAdaptiveHistogramEqualization) Build(b *Builder, in ...tensor.Shape) {
	s, ok := b.pixels(in, d.DType, d.DataFormat)
	if _, pad := d.tiles(s); ok && (pad[0] > s[1] || pad[1] > s[2]) {
		b.misfit("tile_grid_size %v is too fine for its input %v", tensor.Shape(d.TileGridSize[:]), shown(in[0]))
	}
}

// tiles returns the size of a tile of images (N, H, W, C), and how many rows and
// columns they lack.
func (d ContrastLimitedAdaptiveHistogramEqualization) tiles(s tensor.Shape) (tile, pad [2]int) {
	for i, grid := range d.TileGridSize {
		if len(s) == 4 {
			tile[i] = (s[1+i] + grid - 1) / grid
			pad[i] = tile[i]*grid - s[1+i]
		}
	}
	return tile, pad
}

// Call equalizes.
func (d ContrastLimitedAdaptiveHistogramEqualization) Call(_ *Context, in ...graph.Value) graph.Value {
	return inLast(floats(in[0]), d.DataFormat, func(x graph.Value) graph.Value {
		if x.Graph().Err() != nil {
			return x
		}
		s := x.Shape()
		tile, pad := d.tiles(s)
		x = mirrored(mirrored(rescale(x, d.ValueRange, byteRange), 1, pad[0]), 2, pad[1])
		y := d.equalize(x, tile)
		y = ops.Slice(y, []int{0, 0, 0, 0}, []int{s[0], s[1], s[2], s[3]})
		return rescale(y, byteRange, d.ValueRange)
	})
}

// mirrored adds n elements at the end of an axis: the last ones, backwards.
func mirrored(x graph.Value, axis, n int) graph.Value {
	if n == 0 {
		return x
	}
	starts, sizes := make([]int, 4), x.Shape().Clone()
	starts[axis], sizes[axis] = sizes[axis]-n, n
	return ops.Concat(axis, x, ops.Flip(ops.Slice(x, starts, sizes), axis))
}

// equalize looks each pixel up in the tables of the four tiles around it. X has
// values from 0 to 255 and is made of whole tiles.
func (d ContrastLimitedAdaptiveHistogramEqualization) equalize(x graph.Value, tile [2]int) graph.Value {
	s, grid := x.Shape(), d.TileGridSize
	pixels := ops.Cast(ops.Clip(x, 0, 255), tensor.Int32)
	// table(n, row, column of tiles, channel) begins at ((n·gh + row)·gw + column)·C + channel, times 256
	begins := func(rows, cols []int) graph.Value {
		t := tensor.New(tensor.Int32, s...)
		for i := range t.Int32s() {
			n, row, col, c := i/(s[1]*s[2]*s[3]), i/(s[2]*s[3])%s[1], i/s[3]%s[2], i%s[3]
			t.Int32s()[i] = int32((((n*grid[0]+rows[row])*grid[1]+cols[col])*s[3] + c) * 256)
		}
		return ops.Const(x.Graph(), t)
	}
	own := make([][]int, 2)           // tile that a row or column lies in
	low := make([][]int, 2)           // tile whose middle is before it, and the one after
	high := make([][]int, 2)          // …
	part := make([]*tensor.Tensor, 2) // how far it is from the one to the other
	for a := range 2 {
		part[a] = tensor.New(x.DType(), s[1+a])
		for i := range s[1+a] {
			at := (float64(i) - float64(tile[a])/2) / float64(tile[a])
			first := int(math.Floor(at))
			part[a].SetFloat64At(i, at-float64(first))
			own[a] = append(own[a], i/tile[a])
			low[a] = append(low[a], min(max(first, 0), grid[a]-1))
			high[a] = append(high[a], min(max(first+1, 0), grid[a]-1))
		}
	}
	counts := ops.Bincount(ops.Add(pixels, begins(own[0], own[1])), s[0]*grid[0]*grid[1]*s[3]*256)
	table := d.table(ops.Reshape(ops.Cast(counts, x.DType()), s[0]*grid[0]*grid[1]*s[3], 256), tile[0]*tile[1])
	look := func(rows, cols []int) graph.Value { return ops.Gather(table, ops.Add(pixels, begins(rows, cols))) }
	mix := func(a, b graph.Value, axis int) graph.Value {
		shape := tensor.Shape{1, 1, 1, 1}
		shape[1+axis] = s[1+axis]
		f := ops.Const(x.Graph(), part[axis].Reshape(shape...))
		return ops.Add(ops.Mul(a, ops.SubScalarFrom(1, f)), ops.Mul(b, f))
	}
	top := mix(look(low[0], low[1]), look(low[0], high[1]), 1)
	return mix(top, mix(look(high[0], low[1]), look(high[0], high[1]), 1), 0)
}

// table turns the counts of each tile of a number of pixels, (tiles, 256), into the
// values that stand for 0 to 255, one tile after the other.
func (d ContrastLimitedAdaptiveHistogramEqualization) table(counts graph.Value, pixels int) graph.Value {
	if *d.ClipLimit > 0 {
		most := ops.MinimumScalar(counts, *d.ClipLimit*float64(pixels)/256)
		above := ops.Sum(ops.Sub(counts, most), []int{1}, true)
		counts = ops.Add(most, ops.DivScalar(above, 256))
	}
	below := ops.CumSum(counts, 1)
	least := ops.Min(below, []int{1}, true)
	rest := ops.SubScalarFrom(float64(pixels), least)
	rest = ops.Where(ops.EqualScalar(rest, 0), ops.Scalar(rest, 1), rest)
	y := ops.Clip(ops.Div(ops.MulScalar(ops.Sub(below, least), 255), rest), 0, 255)
	return ops.Reshape(y, y.Shape().Size())
}

var _ Layer = ContrastLimitedAdaptiveHistogramEqualization{}
