package experiment

import (
	"bytes"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// Colours of the curves of training and validation.
var (
	trainColour      = color.RGBA{R: 0x1f, G: 0x77, B: 0xb4, A: 0xff}
	validationColour = color.RGBA{R: 0xff, G: 0x7f, B: 0x0e, A: 0xff}
)

// Curves draws the history as an SVG picture: one plot for the loss and one for
// every metric, with their values in validation, which was done after the epochs
// (counted from 0) that validated tells. It returns nil if there is nothing to draw.
func Curves(h *keras.History, validated func(epoch int) bool) ([]byte, error) {
	var names []string
	for _, k := range h.Keys() {
		if !strings.HasPrefix(k, "val_") && len(h.History[k]) > 0 {
			names = append(names, k)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	const width, height, margin = 6 * vg.Inch, 3 * vg.Inch, 10
	canvas := vgsvg.New(width, height*vg.Length(len(names)))
	dc := draw.New(canvas)
	dc.SetColor(color.White)
	dc.Fill(dc.Rectangle.Path())
	for i, n := range names {
		p := plot.New()
		p.X.Label.Text, p.Y.Label.Text = "epoch", n
		p.X.Tick.Marker = epochTicks{}
		p.Legend.Top = true
		for _, c := range []struct {
			key, label string
			color      color.Color
		}{{n, "training", trainColour}, {"val_" + n, "validation", validationColour}} {
			points := xys(h, c.key, validated)
			if len(points) == 0 {
				continue
			}
			line, dots, err := plotter.NewLinePoints(points)
			if err != nil {
				return nil, err
			}
			line.Color, dots.Color, dots.Radius = c.color, c.color, vg.Points(1.5)
			p.Add(line, dots)
			p.Legend.Add(c.label, line)
		}
		y := height * vg.Length(len(names)-1-i)
		p.Y.Max += (p.Y.Max - p.Y.Min) / 5 // room for the legend
		p.Draw(draw.Crop(dc, margin, -margin, y+margin, y+height-margin-dc.Max.Y))
	}
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// xys returns the points of one log; what can't be drawn is left out.
func xys(h *keras.History, key string, validated func(epoch int) bool) plotter.XYs {
	var points plotter.XYs
	values := h.History[key]
	for _, epoch := range h.Epoch {
		if len(values) == 0 {
			break
		}
		if strings.HasPrefix(key, "val_") && !validated(epoch) {
			continue
		}
		v := values[0]
		values = values[1:]
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			points = append(points, plotter.XY{X: float64(epoch + 1), Y: v})
		}
	}
	return points
}

// epochTicks are ticks at whole numbers only.
type epochTicks struct{}

// Ticks returns the ticks between two epochs.
func (epochTicks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for _, t := range (plot.DefaultTicks{}).Ticks(low, high) {
		if t.Value == math.Trunc(t.Value) {
			ticks = append(ticks, t)
		}
	}
	return ticks
}
