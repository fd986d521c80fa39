package keras_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// numbers is a recorded array.
type numbersOf struct {
	Shape  []int
	Values []float64
}

func (n numbersOf) tensor() *tensor.Tensor {
	return tensor.From(n.Values, n.Shape...).Cast(tensor.Float32)
}

func (n numbersOf) compare(t *testing.T, what string, got *tensor.Tensor, tol float64) {
	t.Helper()
	if !got.Shape().Equal(n.Shape) {
		t.Errorf("%s: shape %v, Keras has %v", what, got.Shape(), n.Shape)
		return
	}
	for i, w := range n.Values {
		if g := got.Float64At(i); math.Abs(g-w) > tol {
			t.Errorf("%s: element %d is %v, Keras has %v", what, i, g, w)
			return
		}
	}
}

type augmentGolden struct {
	Cases []struct {
		Layer                        json.RawMessage
		Images, Masks, Boxes, Labels numbersOf
		Result                       struct{ Images, Masks, Boxes, Labels numbersOf }
	}
	Boxes       numbersOf
	Conversions []struct {
		Source, Target string
		Boxes          numbersOf
	}
}

func augmentCases(t *testing.T) (g augmentGolden) {
	t.Helper()
	raw, err := os.ReadFile("testdata/augment.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// Layers without random numbers make of boxes and masks what Keras's make (testdata/gen/augment.py).
func TestAugmentAgainstKeras(t *testing.T) {
	for i, c := range augmentCases(t).Cases {
		node, errs := spec.Parse("layer", c.Layer)
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		layer, errs := spec.Decode(node, "layer")
		if errs.Err() != nil {
			t.Fatal(errs)
		}
		t.Run(fmt.Sprintf("%d/%T", i, layer), func(t *testing.T) {
			d, err := keras.Augment(layer, keras.ImageData{
				Images: c.Images.tensor(), SegmentationMasks: c.Masks.tensor(), Boxes: c.Boxes.tensor(), BoxLabels: c.Labels.tensor(),
			}, keras.Augmentation{Training: true})
			if err != nil {
				t.Fatal(err)
			}
			c.Result.Images.compare(t, "images", d.Images, 1e-5)
			c.Result.Masks.compare(t, "masks", d.SegmentationMasks, 1e-5)
			c.Result.Boxes.compare(t, "boxes", d.Boxes, 1e-4)
			c.Result.Labels.compare(t, "labels", d.BoxLabels, 0)
		})
	}
}

func TestConvertBoxes(t *testing.T) {
	golden := augmentCases(t)
	for _, c := range golden.Conversions {
		g := graph.New()
		out, err := graph.Run(g, []graph.Value{layers.ConvertBoxes(g.Constant(golden.Boxes.tensor()), c.Source, c.Target, 7, 12)}, graph.Feeds{}, false)
		if err != nil {
			t.Fatal(err)
		}
		c.Boxes.compare(t, c.Source+" to "+c.Target, out[0], 1e-4)
	}
	for _, format := range []string{"", "xyx", "rel_abcd", "xxyy1", "wwhh"} {
		for _, pair := range [][2]string{{format, "xyxy"}, {"xyxy", format}} {
			g := graph.New()
			layers.ConvertBoxes(g.Constant(golden.Boxes.tensor()), pair[0], pair[1], 7, 12)
			if g.Err() == nil {
				t.Errorf("no error from %q to %q", pair[0], pair[1])
			}
		}
	}
}

// Random layers move boxes with their images: the box of a bright rectangle surrounds it afterwards.
func TestAugmentMovesBoxes(t *testing.T) {
	const n, h, w = 8, 40, 30
	images := tensor.New(tensor.Float32, n, h, w, 1)
	boxes := tensor.New(tensor.Float32, n, 1, 4)
	for i := range n {
		x, y := 8+i%3, 12+i
		copy(boxes.Float32s()[4*i:], []float32{float32(x), float32(y), float32(x + 7), float32(y + 9)})
		for r := y; r < y+9; r++ {
			for c := x; c < x+7; c++ {
				images.Float32s()[(i*h+r)*w+c] = 1
			}
		}
	}
	labels := tensor.From([]int32{0, 1, 2, 3, 4, 5, 6, 7}, n, 1)
	for _, c := range []struct {
		layer any
		tol   float64
	}{
		{layers.RandomFlip{BoundingBoxFormat: "xyxy"}, 0},
		{layers.RandomFlip{Mode: "horizontal", BoundingBoxFormat: "xyxy", Seed: new(7)}, 0},
		{layers.RandomCrop{Height: 36, Width: 25, BoundingBoxFormat: "xyxy"}, 0},
		{layers.RandomTranslation{HeightFactor: 0.1, WidthFactor: 0.2, FillMode: "constant", BoundingBoxFormat: "xyxy"}, 1},
		{layers.RandomZoom{HeightFactor: 0.2, WidthFactor: 0.1, FillMode: "constant", BoundingBoxFormat: "xyxy"}, 1},
	} {
		before := keras.ImageData{Images: images, SegmentationMasks: images, Boxes: boxes, BoxLabels: labels, Labels: labels}
		d, err := keras.Augment(c.layer, before, keras.Augmentation{Training: true, Seed: 3, Step: 5})
		if err != nil {
			t.Fatalf("%T: %v", c.layer, err)
		}
		moved := 0
		for i := range n {
			got := d.Boxes.Float32s()[4*i : 4*i+4]
			want := brightBox(d.SegmentationMasks.Slice(i, i+1))
			for k := range 4 {
				if math.Abs(float64(got[k])-want[k]) > c.tol+1e-3 {
					t.Errorf("%T, image %d: box %v, the rectangle is at %v", c.layer, i, got, want)
					break
				}
			}
			if !cmp.Equal(got, boxes.Float32s()[4*i:4*i+4]) {
				moved++
			}
		}
		if moved == 0 || !cmp.Equal(d.BoxLabels.Int32s(), labels.Int32s()) || d.Labels != labels {
			t.Errorf("%T: %d boxes moved, labels %v", c.layer, moved, d.BoxLabels)
		}
		if still, err := keras.Augment(c.layer, before, keras.Augmentation{}); err != nil || !cmp.Equal(still.Boxes.Float32s(), boxes.Float32s()) {
			t.Errorf("%T moves boxes outside training, or %v", c.layer, err)
		}
	}
}

// brightBox is the box around the pixels of an image that are above ½.
func brightBox(x *tensor.Tensor) []float64 {
	h, w := x.Shape()[1], x.Shape()[2]
	box := []float64{math.Inf(1), math.Inf(1), 0, 0}
	for r := range h {
		for c := range w {
			if x.Float64At(r*w+c) > 0.5 {
				box = []float64{min(box[0], float64(c)), min(box[1], float64(r)), max(box[2], float64(c+1)), max(box[3], float64(r+1))}
			}
		}
	}
	return box
}

func TestAugmentErrors(t *testing.T) {
	images := tensor.New(tensor.Float32, 2, 4, 4, 3)
	boxes, labels := tensor.New(tensor.Float32, 2, 1, 4), tensor.New(tensor.Int32, 2, 1)
	with := keras.ImageData{Images: images, Boxes: boxes, BoxLabels: labels}
	for want, c := range map[string]struct {
		layer any
		data  keras.ImageData
	}{
		"there are no images":                    {layers.RandomFlip{}, keras.ImageData{}},
		"does not say in which form":             {layers.RandomFlip{}, with},
		"one of them is nil":                     {layers.RandomFlip{}, keras.ImageData{Images: images, Boxes: boxes}},
		"do not fit 2 images":                    {layers.RandomFlip{BoundingBoxFormat: "xyxy"}, keras.ImageData{Images: images, Boxes: boxes, BoxLabels: images}},
		"does not move bounding boxes":           {layers.RandomRotation{Factor: 0.1, BoundingBoxFormat: "xyxy"}, with},
		"without segmentation masks":             {layers.MixUp{}, keras.ImageData{Images: images, SegmentationMasks: images}},
		"without labels":                         {layers.CutMix{}, keras.ImageData{Images: images, Labels: labels}},
		"is no object":                           {3, with},
		"has weights":                            {layers.Dense{Units: 2}, with},
		`bounding_box_format "xy" is not one of`: {layers.RandomFlip{BoundingBoxFormat: "xy"}, with},
	} {
		if _, err := keras.Augment(c.layer, c.data, keras.Augmentation{Training: true}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
