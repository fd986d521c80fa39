package initializers

import (
	"math"
	"runtime"
	"sync"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// normalsPart is the number of draws that a goroutine does at a time.
const normalsPart = 1 << 13

// normals makes a tensor of normally distributed numbers, those that consecutive calls
// of r's methods return, but drawn by all processors: each draw takes one block of random
// words, whose place is known. With truncated, numbers of more than two standard
// deviations are left out.
func normals(shape tensor.Shape, mean, sd float64, truncated bool, r *rng.Stream) *tensor.Tensor {
	t := tensor.New(tensor.Float32, shape...)
	left := t.Float32s()
	parts := make([][]float32, runtime.GOMAXPROCS(0))
	_, aligned := r.Ahead(0)
	for aligned && len(left) >= len(parts)*normalsPart {
		var wg sync.WaitGroup
		for i := range parts {
			wg.Go(func() {
				s, _ := r.Ahead(i * normalsPart)
				part := parts[i][:0]
				for range normalsPart {
					if x := s.Normal(); !truncated || math.Abs(x) <= 2 {
						part = append(part, float32(mean+sd*x))
					}
				}
				parts[i] = part
			})
		}
		wg.Wait()
		for _, part := range parts {
			left = left[copy(left, part):]
		}
		*r, _ = r.Ahead(len(parts) * normalsPart)
	}
	draw := r.Normal
	if truncated {
		draw = r.TruncatedNormal
	}
	for i := range left {
		left[i] = float32(mean + sd*draw())
	}
	return t
}
