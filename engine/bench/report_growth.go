package main

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/kerasgo/kerasgo/engine/bench/workloads"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

const growthText = "kerasgo's time for one sample while one size grows, two threads. The cost of a unit of work should fall, or stay, from one size to the next; the largest rise is told " +
	"below each series. The plot shows the same: the cost of a unit of work, as a share of the series' first.\n\n" +
	"![cost of a unit of work](performance.svg)"

// growthTable has one small table for each series.
func growthTable(s *store) string {
	var b strings.Builder
	for _, series := range workloads.Growth() {
		points := pointsOf(s.Growth, series.Name)
		if len(points) < 2 {
			continue
		}
		head, ms, unit := []string{series.Title}, []string{"ms for a sample"}, []string{"µs for a " + series.Per}
		for _, p := range points {
			head, ms, unit = append(head, fmt.Sprint(p.X)), append(ms, digits(p.MS)), append(unit, digits(1e3*p.unit()))
		}
		lines := [][]string{ms, unit}
		if series.Per == "sample" {
			lines = lines[:1]
		}
		rise, at := worst(points)
		fmt.Fprintf(&b, "%s\nLargest rise of the cost of a %s: %.2f times, at %d.\n\n", table(head, lines), series.Per, rise, at)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func pointsOf(all []growthPoint, series string) []growthPoint {
	var list []growthPoint
	for _, p := range all {
		if p.Series == series {
			list = append(list, p)
		}
	}
	return list
}

// plotGrowth draws, for every series, the cost of a unit of work against the size, both as shares of the first on logarithmic axes.
func plotGrowth(all []growthPoint, path string) error {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = "size, in units of the smallest", "cost of a unit of work, the first is 1"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000), ticks(0.05, 0.1, 0.2, 0.5, 1, 2, 5)
	p.Legend.Top = true
	for i, series := range workloads.Growth() {
		points := pointsOf(all, series.Name)
		if len(points) < 2 {
			continue
		}
		xy := make(plotter.XYs, len(points))
		for k, q := range points {
			xy[k] = plotter.XY{X: float64(q.X) / float64(points[0].X), Y: q.unit() / points[0].unit()}
		}
		line, dots, err := plotter.NewLinePoints(xy)
		if err != nil {
			return err
		}
		line.Color, line.Width = palette[i%len(palette)], vg.Points(1.5)
		dots.Color = line.Color
		p.Add(line, dots)
		p.Legend.Add(series.Name, line)
	}
	p.Add(plotter.NewGrid())
	p.Y.Min, p.Y.Max = min(p.Y.Min, 0.1), max(p.Y.Max, 2)
	return p.Save(18*vg.Centimeter, 11*vg.Centimeter, path)
}

// ticks marks the given values.
func ticks(values ...float64) plot.ConstantTicks {
	var list plot.ConstantTicks
	for _, v := range values {
		list = append(list, plot.Tick{Value: v, Label: fmt.Sprint(v)})
	}
	return list
}

// palette is Okabe and Ito's, which people with colour blindness can tell apart.
var palette = []color.Color{
	color.RGBA{0, 114, 178, 255}, color.RGBA{230, 159, 0, 255}, color.RGBA{0, 158, 115, 255}, color.RGBA{213, 94, 0, 255}, color.RGBA{204, 121, 167, 255},
}
