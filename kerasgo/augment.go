package keras

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// ImageData are images with what belongs to them: the dictionary that Keras's image layers take. All but
// Images may be nil.
type ImageData struct {
	Images            *tensor.Tensor // (n, height, width, channels), or as the layer's data_format says
	Labels            *tensor.Tensor // of the images; they stay as they are
	Boxes             *tensor.Tensor // (n, boxes, 4) in the layer's bounding_box_format
	BoxLabels         *tensor.Tensor // (n, boxes); -1 for boxes of which nothing is left
	SegmentationMasks *tensor.Tensor // of the images' height and width; they move as the images do, but keep their values
}

// Augmentation holds the arguments of Augment.
type Augmentation struct {
	Training   bool // whether random layers change anything
	Seed, Step int  // of the random numbers, where the layer has no seed of its own: another step draws others
}

// Augment applies an image layer to images and what belongs to them. Boxes follow RandomFlip, RandomTranslation,
// RandomZoom, RandomCrop, CenterCrop and Resizing, and stay where a layer changes only colours; other layers
// that move pixels are an error when there are boxes. MaxNumBoundingBoxes cuts the lists of boxes or fills them up.
func Augment(layer any, d ImageData, a Augmentation) (ImageData, error) {
	out, err := augment(layer, d, a)
	if err != nil {
		return ImageData{}, fmt.Errorf("keras: Augment: %w", err)
	}
	return out, nil
}

func augment(layer any, d ImageData, a Augmentation) (ImageData, error) {
	if d.Images == nil {
		return d, errors.New("there are no images")
	}
	if (d.Boxes == nil) != (d.BoxLabels == nil) {
		return d, errors.New("boxes and their labels come together; one of them is nil")
	}
	desc, err := spec.CompleteAny(layer)
	if err != nil {
		return d, err
	}
	l, ok := desc.(layers.Layer)
	if !ok {
		return d, fmt.Errorf("%T is no layer", layer)
	}
	g := graph.New()
	r := &augmenting{g: g, step: a, feeds: graph.Feeds{Inputs: map[string]*tensor.Tensor{ops.RNGInput: tensor.From([]int64{int64(a.Seed), int64(a.Step)})}}}
	images := r.input("images", d.Images)
	b := layers.NewBuilder(g)
	l.Build(b, d.Images.Shape())
	if len(b.Weights) > 0 {
		return d, fmt.Errorf("a %T has weights; wanted an image layer", l)
	}
	want := []graph.Value{l.Call(r.context(), images)}
	mover, moves := l.(layers.Mover)
	if d.SegmentationMasks != nil && moves {
		masks := mover.ForMasks()
		if masks == nil {
			return d, fmt.Errorf("a %T takes images alone, without segmentation masks", l)
		}
		masks.Build(b, d.SegmentationMasks.Shape())
		want = append(want, masks.Call(r.context(), r.input("masks", d.SegmentationMasks)))
	}
	if d.Labels != nil && moves && mover.ForMasks() == nil {
		return d, fmt.Errorf("a %T takes images alone, without labels", l)
	}
	n := len(want)
	if d.Boxes != nil && moves {
		boxes, labels, err := r.boxes(mover, d, images, want[0])
		if err != nil {
			return d, err
		}
		want = append(want, boxes, labels)
	}
	if err := g.Err(); err != nil {
		return d, err
	}
	values, err := graph.Run(g, want, r.feeds, false)
	if err != nil {
		return d, err
	}
	d.Images = values[0]
	if n == 2 {
		d.SegmentationMasks = values[1]
	}
	if len(values) > n {
		d.Boxes, d.BoxLabels = values[n], values[n+1].Cast(d.BoxLabels.DType())
	}
	if m, ok := l.(layers.MaxNumBoundingBoxes); ok && d.Boxes != nil {
		d.Boxes, d.BoxLabels = fitBoxes(d.Boxes, m), fitBoxes(d.BoxLabels, m)
	}
	return d, nil
}

// augmenting is the graph of a call of an image layer.
type augmenting struct {
	g     *graph.Graph
	step  Augmentation
	feeds graph.Feeds
}

func (r *augmenting) input(name string, t *tensor.Tensor) graph.Value {
	r.feeds.Inputs[name] = t
	return r.g.Input(name, graph.Spec{DType: t.DType(), Shape: t.Shape()})
}

// context is a new context: all of them draw the same numbers.
func (r *augmenting) context() *layers.Context {
	return layers.NewContext(layers.Env{Graph: r.g, Training: r.step.Training, DType: tensor.Float32, Path: "augment"})
}

// boxes moves boxes and marks those of which nothing is left.
func (r *augmenting) boxes(m layers.Mover, d ImageData, images, result graph.Value) (boxes, labels graph.Value, err error) {
	format, channels := textField(m, "BoundingBoxFormat"), textField(m, "DataFormat")
	if format == "" {
		return boxes, labels, fmt.Errorf(`there are boxes, but the %T does not say in which form; set BoundingBoxFormat, such as "xyxy"`, m)
	}
	if s := d.Boxes.Shape(); s.Rank() != 3 || s[0] != d.Images.Len() || s[2] != 4 || !d.BoxLabels.Shape().Equal(s[:2]) {
		return boxes, labels, fmt.Errorf("boxes %v with labels %v do not fit %d images; wanted (%d, boxes, 4) and (%d, boxes)", s, d.BoxLabels.Shape(), d.Images.Len(), d.Images.Len(), d.Images.Len())
	}
	size := func(v graph.Value) (h, w int) {
		s := v.Shape()
		if strings.HasSuffix(channels, "first") {
			return s[2], s[3]
		}
		return s[1], s[2]
	}
	h, w := size(images)
	boxes, labels = ops.Cast(r.input("boxes", d.Boxes), tensor.Float32), ops.Cast(r.input("labels", d.BoxLabels), tensor.Float32)
	corners := layers.ConvertBoxes(boxes, format, "xyxy", h, w)
	moved := m.MoveBoxes(r.context(), images, corners)
	if moved == corners {
		return boxes, labels, nil
	}
	h, w = size(result)
	sides := layers.ConvertBoxes(moved, "xyxy", "xywh", h, w)
	n := d.Boxes.Shape()[1]
	area := ops.Mul(ops.Slice(sides, []int{0, 0, 2}, []int{d.Images.Len(), n, 1}), ops.Slice(sides, []int{0, 0, 3}, []int{d.Images.Len(), n, 1}))
	labels = ops.Where(ops.Greater(ops.Squeeze(area, -1), ops.Scalar(labels, 0)), labels, ops.Scalar(labels, -1))
	return layers.ConvertBoxes(moved, "xyxy", format, h, w), labels, nil
}

// textField reads a text of a layer's description.
func textField(l any, name string) string {
	f := reflect.ValueOf(l).FieldByName(name)
	if f.Kind() != reflect.String {
		return ""
	}
	return f.String()
}

// fitBoxes cuts lists (n, boxes, …) to MaxNumber boxes or fills them up.
func fitBoxes(t *tensor.Tensor, m layers.MaxNumBoundingBoxes) *tensor.Tensor {
	s := t.Shape().Clone()
	n, had, each := s[0], s[1], s[2:].Size()
	s[1] = m.MaxNumber
	out := tensor.New(t.DType(), s...)
	for i := range n {
		for k := range m.MaxNumber * each {
			v := float64(m.FillValue)
			if k < had*each {
				v = t.Float64At(i*had*each + k)
			}
			out.SetFloat64At(i*m.MaxNumber*each+k, v)
		}
	}
	return out
}
