package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"math"
	"strings"
	"time"

	"github.com/kerasgo/kerasgo/engine/bench/workloads"
	"github.com/kerasgo/kerasgo/kerasgo"
)

// growthPoint is the cost of one size of a series.
type growthPoint struct {
	Series string  `json:"series"`
	X      int     `json:"x"`
	Work   float64 `json:"work"` // of one sample, in the series' unit
	MS     float64 `json:"ms"`   // for one sample
}

// growth measures kerasgo alone while one size after another grows.
func growth(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("growth", flag.ContinueOnError)
	var o files
	o.flags(f)
	seconds := f.Float64("seconds", 0.5, "seconds for each point")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 || *seconds <= 0 {
		return errors.New("want -seconds of more than 0 and no arguments")
	}
	s, err := openStore(o.results)
	if err != nil {
		return err
	}
	s.begin(piece{"growth", strings.TrimSpace("go run ./engine/bench growth " + strings.Join(args, " ")), time.Now().Format(time.DateOnly)})
	for _, series := range workloads.Growth() {
		for _, p := range series.Points {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			log.Printf("%s: %d", series.Name, p.X)
			ms, err := pointMS(p, *seconds)
			if err != nil {
				return fmt.Errorf("%s %d: %w", series.Name, p.X, err)
			}
			s.Growth = append(s.Growth, growthPoint{series.Name, p.X, p.Work, ms / float64(p.Workload.Batch)})
		}
	}
	return o.finish(s)
}

// pointMS is the median time of a step.
func pointMS(p workloads.Point, seconds float64) (float64, error) {
	keras.SetRandomSeed(1)
	w := p.Workload
	m, err := w.Compiled()
	if err != nil {
		return 0, err
	}
	x, y, err := w.Data(w.Batch * w.Batches)
	if err != nil {
		return 0, err
	}
	r, err := task{mode: p.Mode, batch: w.Batch, seconds: seconds}.measure(m, x, y)
	return r.MedianMS, err
}

// unit is the cost of a unit of work, in milliseconds.
func (p growthPoint) unit() float64 { return p.MS / p.Work }

// worst returns the largest rise of the cost of a unit of work from one size to the next.
func worst(points []growthPoint) (rise float64, at int) {
	rise = math.Inf(-1)
	for i := 1; i < len(points); i++ {
		if r := points[i].unit() / points[i-1].unit(); r > rise {
			rise, at = r, points[i].X
		}
	}
	return rise, at
}
