package mnist

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/draw"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// testDigits returns the first n test images.
func testDigits(t *testing.T, n int) []*image.Gray {
	t.Helper()
	p := readEmbedded(2)
	if p.err != nil {
		t.Fatal(p.err)
	}
	var out []*image.Gray
	for i := range n {
		g := image.NewGray(image.Rect(0, 0, side, side))
		copy(g.Pix, tensor.Data[uint8](p.array)[i*side*side:])
		out = append(out, g)
	}
	return out
}

func asTensor(g *image.Gray) *tensor.Tensor {
	out := tensor.New(tensor.Float32, side, side)
	for i, v := range g.Pix {
		out.Float32s()[i] = float32(v) / 255
	}
	return out
}

// distance is the mean absolute difference of two pictures as a share of the ink of the first.
func distance(a, b *tensor.Tensor) float64 {
	diff, ink := 0.0, 0.0
	for i, v := range a.Float32s() {
		diff += math.Abs(float64(v - b.Float32s()[i]))
		ink += float64(v)
	}
	return diff / ink
}

func TestNormalizeKeepsMNIST(t *testing.T) {
	for i, g := range testDigits(t, 500) {
		if diff := cmp.Diff(asTensor(g).Float32s(), Normalize(g).Float32s()); diff != "" {
			t.Fatalf("digit %d changed: distance %v", i, distance(asTensor(g), Normalize(g)))
		}
	}
}

// paint puts a digit, enlarged, at a place of a larger picture, with the colours given.
func paint(g *image.Gray, w, h int, at image.Rectangle, paper, ink color.Color) *image.NRGBA {
	large := image.NewGray(image.Rect(0, 0, at.Dx(), at.Dy()))
	draw.CatmullRom.Scale(large, large.Bounds(), g, g.Bounds(), draw.Src, nil)
	mask := image.NewAlpha(large.Bounds())
	copy(mask.Pix, large.Pix)
	out := image.NewNRGBA(image.Rect(0, 0, w, h).Add(image.Pt(-7, 11))) // bounds needn't start at zero
	draw.Draw(out, out.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	draw.DrawMask(out, at.Add(out.Bounds().Min), image.NewUniform(ink), image.Point{}, mask, image.Point{}, draw.Over)
	return out
}

func TestNormalizePictures(t *testing.T) {
	place := image.Rect(250, 30, 250+224, 30+224)
	for name, c := range map[string]struct {
		paper, ink color.Color
		n          Normalizer
	}{
		"dark on light":        {color.White, color.Black, Normalizer{}},
		"light on dark":        {color.Black, color.White, Normalizer{}},
		"pencil":               {color.Gray{230}, color.Gray{120}, Normalizer{}},
		"blue on yellow":       {color.NRGBA{250, 240, 120, 255}, color.NRGBA{20, 20, 160, 255}, Normalizer{}},
		"black on transparent": {color.Transparent, color.Black, Normalizer{}},
		"white on transparent": {color.Transparent, color.White, Normalizer{}},
		"said to be dark":      {color.Gray{110}, color.Black, Normalizer{Ink: DarkInk}},
		"said to be light":     {color.Gray{160}, color.White, Normalizer{Ink: LightInk}},
	} {
		t.Run(name, func(t *testing.T) {
			own, others := 0.0, 0.0
			digits := testDigits(t, 12)
			for i, g := range digits {
				got := c.n.Normalize(paint(g, 600, 400, place, c.paper, c.ink))
				own += distance(asTensor(g), got) / 12
				others += distance(asTensor(digits[(i+1)%12]), got) / 12
			}
			// Enlarging and shrinking again blurs, and the cut may shift by a pixel.
			if own > 0.3 || others < 5*own {
				t.Errorf("mean distance %.3f to the original, %.3f to another digit", own, others)
			}
		})
	}
}

func TestNormalizeInkIsObeyed(t *testing.T) {
	// On grey paper, darker than the middle, dark writing can't be guessed.
	picture := paint(testDigits(t, 1)[0], 100, 100, image.Rect(20, 20, 80, 80), color.Gray{110}, color.Black)
	if auto, dark := Normalize(picture), (Normalizer{Ink: DarkInk}).Normalize(picture); distance(dark, auto) < 0.5 {
		t.Errorf("Ink makes no difference: %v", distance(dark, auto))
	}
}

func TestNormalizeShapes(t *testing.T) {
	dot := func(w, h int, r image.Rectangle) image.Image {
		g := image.NewGray(image.Rect(0, 0, w, h))
		draw.Draw(g, r, image.White, image.Point{}, draw.Src)
		return g
	}
	for name, c := range map[string]struct {
		img   image.Image
		wantW int // pixels with ink
		wantH int
	}{
		"nothing":            {image.NewGray(image.Rectangle{}), 0, 0},
		"black":              {dot(50, 50, image.Rectangle{}), 0, 0},
		"white":              {dot(50, 50, image.Rect(0, 0, 50, 50)), 0, 0},
		"transparent":        {image.NewNRGBA(image.Rect(0, 0, 9, 9)), 0, 0},
		"thin vertical":      {dot(900, 900, image.Rect(100, 100, 101, 800)), 1, 20},
		"thin horizontal":    {dot(900, 900, image.Rect(100, 100, 800, 101)), 20, 1},
		"square in a corner": {dot(100, 100, image.Rect(1, 1, 41, 41)), 20, 20},
		"one pixel":          {dot(3, 3, image.Rect(1, 1, 2, 2)), 20, 20},
		"wide":               {dot(100, 30, image.Rect(2, 2, 82, 22)), 20, 5},
	} {
		t.Run(name, func(t *testing.T) {
			got := Normalize(c.img)
			if !got.Shape().Equal(tensor.Shape{28, 28}) || got.DType() != tensor.Float32 {
				t.Fatalf("%v %v", got.DType(), got.Shape())
			}
			r, top := image.Rectangle{}, float32(0)
			for i, v := range got.Float32s() {
				if !(v >= 0 && v <= 1) {
					t.Fatalf("value %v", v)
				}
				top = max(top, v)
				if v > 0 {
					r = r.Union(image.Rect(i%28, i/28, i%28+1, i/28+1))
				}
			}
			if r.Dx() != c.wantW || r.Dy() != c.wantH {
				t.Errorf("ink in %v, want %d×%d\n%s", r, c.wantW, c.wantH, ASCII(got))
			}
			if c.wantW > 0 && top < 0.99 {
				t.Errorf("strongest ink is %v", top)
			}
			if mid := r.Min.Add(r.Max).Div(2); c.wantW > 0 && (abs(mid.X-14) > 1 || abs(mid.Y-14) > 1) {
				t.Errorf("the middle is at %v", mid)
			}
		})
	}
}

func abs(n int) int { return max(n, -n) }

func TestASCII(t *testing.T) {
	a := tensor.From([]float32{0, 0.5, 1, 1, 0, float32(math.NaN()), -3, 0.25, 9}, 3, 3)
	want := "  ++@@\n@@\n  ::@@\n"
	if diff := cmp.Diff(want, ASCII(a)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, ASCII(a.Reshape(1, 3, 3, 1))); diff != "" {
		t.Error(diff)
	}
	if got := ASCII(tensor.From([]uint8{0, 255, 128, 0}, 2, 2)); got != "  @@\n++\n" {
		t.Errorf("uint8: %q", got)
	}
	if got := strings.Count(ASCII(tensor.New(tensor.Float32, 784)), "\n"); got != 28 {
		t.Errorf("%d lines", got)
	}
	defer func() {
		if _, ok := recover().(*tensor.ShapeError); !ok {
			t.Error("no ShapeError for a row of three")
		}
	}()
	ASCII(tensor.New(tensor.Float32, 3))
}

// A photograph of a digit looks like the digit drawn on even paper.
func TestNormalizeUnevenLight(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	flat, photo := image.NewGray(image.Rect(0, 0, 120, 160)), image.NewGray(image.Rect(0, 0, 120, 160))
	for y := range 160 {
		for x := range 120 {
			seven := y >= 40 && y < 50 && x >= 30 && x < 80 || y >= 50 && y < 120 && x+y/2 >= 95 && x+y/2 < 107
			light := uint8(150 + x/3 + y/4 + r.IntN(7))
			flat.Pix[flat.PixOffset(x, y)], photo.Pix[photo.PixOffset(x, y)] = 255, light
			if seven {
				flat.Pix[flat.PixOffset(x, y)], photo.Pix[photo.PixOffset(x, y)] = 0, light/5
			}
		}
	}
	want, got := Normalize(flat), Normalize(photo)
	if d := distance(want, got); d > 0.1 {
		t.Errorf("distance %.3f:\n%s\n%s", d, ASCII(want), ASCII(got))
	}
	for i, v := range want.Float32s() {
		if v == 0 && got.Float32s()[i] > 0.05 {
			t.Errorf("pixel %d is paper, got %g", i, got.Float32s()[i])
		}
	}
}
