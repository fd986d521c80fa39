package layers

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

// Mover is an image layer that moves pixels: segmentation masks and bounding boxes move with them.
type Mover interface {
	Layer
	// ForMasks is the layer for segmentation masks, whose pixels are not mixed. nil means that the layer takes images alone.
	ForMasks() Layer
	// MoveBoxes moves boxes (N, n, 4), the left, upper, right and lower edge in pixels, with the images. The context is
	// a new one, so that it draws the same numbers as that of the images. Boxes that don't move are returned as they are.
	MoveBoxes(c *Context, images, boxes graph.Value) graph.Value
}

// ConvertBoxes brings boxes (…, 4) from one format to another, as Keras's utils.bounding_boxes.convert_format does. The
// letters of a format tell what the four numbers are: x, y the left and upper edge or, after center_, the middle; a second x, y the right
// and lower edge; w, h width and height. Numbers are pixels, or after rel_ shares of the height and width of the images.
func ConvertBoxes(boxes graph.Value, source, target string, height, width int) graph.Value {
	source, target = strings.ToLower(source), strings.ToLower(target)
	for _, format := range []string{source, target} {
		if !slices.Contains(boxFormats, strings.TrimPrefix(format, "rel_")) {
			boxes.Graph().Errorf("there is no format %q of bounding boxes; there are %s, and each with rel_ before it", format, strings.Join(boxFormats, ", "))
		}
	}
	if source == target || boxes.Graph().Err() != nil {
		return boxes
	}
	return fromCorners(toCorners(boxes, source, height, width), target, height, width)
}

var boxFormats = []string{"xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw"}

// toCorners brings boxes to xyxy.
func toCorners(boxes graph.Value, format string, height, width int) graph.Value {
	letters, relative, center := boxFormat(format)
	part := edges(boxes)
	at := map[byte][]graph.Value{}
	for i := range letters {
		v := part[i]
		if relative {
			v = ops.MulScalar(v, float64(along(letters[i], height, width)))
		}
		at[letters[i]] = append(at[letters[i]], v)
	}
	x, y := at['x'], at['y']
	if w := at['w']; w != nil {
		if center {
			x[0], y[0] = ops.Sub(x[0], ops.MulScalar(w[0], 0.5)), ops.Sub(y[0], ops.MulScalar(at['h'][0], 0.5))
		}
		x, y = append(x, ops.Add(x[0], w[0])), append(y, ops.Add(y[0], at['h'][0]))
	}
	return ops.Concat(-1, x[0], y[0], x[1], y[1])
}

// fromCorners brings boxes from xyxy to a format.
func fromCorners(boxes graph.Value, format string, height, width int) graph.Value {
	letters, relative, center := boxFormat(format)
	e := edges(boxes)
	sizes := map[byte]graph.Value{'w': ops.Sub(e[2], e[0]), 'h': ops.Sub(e[3], e[1])}
	first := map[byte]graph.Value{'x': e[0], 'y': e[1]}
	if center {
		first['x'], first['y'] = ops.Add(e[0], ops.MulScalar(sizes['w'], 0.5)), ops.Add(e[1], ops.MulScalar(sizes['h'], 0.5))
	}
	second := map[byte]graph.Value{'x': e[2], 'y': e[3]}
	var out []graph.Value
	for i := range letters {
		v, ok := sizes[letters[i]]
		if !ok {
			v = first[letters[i]]
			first[letters[i]] = second[letters[i]]
		}
		if relative {
			v = ops.DivScalar(v, float64(along(letters[i], height, width)))
		}
		out = append(out, v)
	}
	return ops.Concat(-1, out...)
}

// boxFormat splits a format into its letters and what stands before them.
func boxFormat(format string) (letters string, relative, center bool) {
	letters, relative = strings.CutPrefix(format, "rel_")
	letters, center = strings.CutPrefix(letters, "center_")
	return letters, relative, center
}

// along is the length of the images along the axis of a letter.
func along(letter byte, height, width int) int {
	if letter == 'x' || letter == 'w' {
		return width
	}
	return height
}

// edges splits boxes (…, 4) into four (…, 1).
func edges(boxes graph.Value) []graph.Value {
	var out []graph.Value
	for i := range 4 {
		start, size := make([]int, boxes.Shape().Rank()), boxes.Shape().Clone()
		start[len(start)-1], size[len(size)-1] = i, 1
		out = append(out, ops.Slice(boxes, start, size))
	}
	return out
}

// ClipBoxes cuts off what lies outside images of a height and width of boxes (…, 4) in the format xyxy.
func ClipBoxes(boxes graph.Value, height, width int) graph.Value {
	e := edges(boxes)
	for i := range e {
		e[i] = ops.Clip(e[i], 0, float64([2]int{width, height}[i%2]))
	}
	return ops.Concat(-1, e...)
}

// scaled multiplies boxes and then adds, along x and y.
func scaled(boxes graph.Value, kx, ky, dx, dy float64) graph.Value {
	e := edges(boxes)
	for i := range e {
		e[i] = ops.AddScalar(ops.MulScalar(e[i], [2]float64{kx, ky}[i%2]), [2]float64{dx, dy}[i%2])
	}
	return ops.Concat(-1, e...)
}

// shifted adds numbers (N, 1, 1, 1) to boxes along x and y and divides them by others.
func shifted(boxes, dx, dy, kx, ky graph.Value) graph.Value {
	e := edges(boxes)
	for i := range e {
		d, k := [2]graph.Value{dx, dy}[i%2], [2]graph.Value{kx, ky}[i%2]
		e[i] = ops.Add(e[i], ops.Squeeze(d, -1))
		if k.OK() {
			e[i] = ops.Div(e[i], ops.Squeeze(k, -1))
		}
	}
	return ops.Concat(-1, e...)
}

// noBoxes is the MoveBoxes of layers for which it is not made.
func (c *Context) noBoxes(boxes graph.Value, name string) graph.Value {
	c.Errorf("%s does not move bounding boxes; RandomFlip, RandomTranslation, RandomZoom, RandomCrop, CenterCrop and Resizing do", name)
	return boxes
}
