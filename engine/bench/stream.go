package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// streamed makes batches of rows that exist nowhere else: each value is a function of
// the row's number.
type streamed struct{ rows, batch, width int }

func (s streamed) Len() int { return (s.rows + s.batch - 1) / s.batch }

func (s streamed) GetItem(i int) (keras.Data, error) {
	from := i * s.batch
	n := min(s.batch, s.rows-from)
	x, y := tensor.New(tensor.Float32, n, s.width), tensor.New(tensor.Float32, n, 1)
	for r := range n {
		sum := float32(0)
		for k := range s.width {
			v := float32((uint32(from+r)*2654435761+uint32(k)*40503)>>8) / (1 << 24)
			x.Float32s()[r*s.width+k] = v
			sum += v
		}
		y.Float32s()[r] = sum / float32(s.width)
	}
	return keras.Data{X: x, Y: y}, nil
}

// memoryLog prints the memory in use ten times an epoch and keeps the figures.
type memoryLog struct {
	callbacks.Base
	every int
	peaks []float64
}

func (m *memoryLog) OnTrainBatchEnd(batch int, logs callbacks.Logs) error {
	if (batch+1)%m.every != 0 {
		return nil
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	m.peaks = append(m.peaks, ownPeakMemory())
	fmt.Printf("%3d %%  loss %.6f  peak memory of the process %.0f MiB  heap %.0f MiB\n",
		10*len(m.peaks), logs["loss"], m.peaks[len(m.peaks)-1], float64(stats.HeapAlloc)/(1<<20))
	return nil
}

// stream trains on more rows than fit into memory, one epoch, and fails if the memory
// of the process grows after the first tenth of them by more than a tenth and 16 MiB.
func stream(args []string) error {
	f := flag.NewFlagSet("stream", flag.ContinueOnError)
	s := streamed{}
	f.IntVar(&s.rows, "samples", 10_000_000, "rows to train on")
	f.IntVar(&s.batch, "batch", 1024, "rows of a batch")
	f.IntVar(&s.width, "width", 32, "numbers in a row")
	workers := f.Int("workers", 1, "goroutines that make batches")
	if err := f.Parse(args); err != nil {
		return err
	}
	if s.rows < 10*s.batch || s.batch < 1 || s.width < 1 {
		return fmt.Errorf("want at least ten batches, got %d rows in batches of %d", s.rows, s.batch)
	}
	keras.SetRandomSeed(1)
	m := keras.NewSequential()
	m.Add(layers.Dense{Units: 32, Activation: "relu", InputShape: []int{s.width}})
	m.Add(layers.Dense{Units: 1})
	if err := m.Compile(keras.Compile{Loss: "mse", Optimizer: "adam"}); err != nil {
		return err
	}
	log := &memoryLog{every: s.Len() / 10}
	began := time.Now()
	if _, err := m.Fit(keras.PyDataset{Dataset: s, Workers: *workers}, nil, keras.Fit{Verbose: keras.Silent, Callbacks: []any{log}, Out: os.Stdout}); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Printf("%d rows of %d numbers (%.1f GiB) in %.1f s, %.0f rows a second\n", s.rows, s.width, 4*float64(s.rows)*float64(s.width+1)/(1<<30), took.Seconds(), float64(s.rows)/took.Seconds())
	if first, last := log.peaks[0], log.peaks[len(log.peaks)-1]; last > 1.1*first+16 {
		return fmt.Errorf("memory grew from %.0f to %.0f MiB", first, last)
	}
	return nil
}
