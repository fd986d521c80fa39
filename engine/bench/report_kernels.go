package main

import (
	"fmt"
	"slices"
)

const kernelText = "GFLOP/s, the median of the rounds; in parentheses kerasgo's share of the multiply-adds that as many threads do from registers in the same process. " +
	"Every library in a process of its own, float32. Convolutions are the notebook's on 128 images, without bias, channels last; their operations are counted " +
	"for the direct computation, so that Winograd's algorithm may exceed the peak. N and T say how operands are stored, as in BLAS. In training, kerasgo's " +
	"convolutions are fused with what follows and skip the zeros that max pooling leaves, which is not shown here."

// kernelTable has one line for each shape and number of threads.
func kernelTable(s *store) string {
	libraries := slices.DeleteFunc([]string{ours, openBLAS, oneDNN, gonumLib, gomlxLib}, func(l string) bool {
		return !slices.ContainsFunc(s.Kernels, func(k kernelSpeed) bool { return k.Library == l })
	})
	var shapes []string
	for _, k := range s.Kernels {
		if !slices.Contains(shapes, k.Shape) {
			shapes = append(shapes, k.Shape)
		}
	}
	var lines [][]string
	for _, shape := range shapes {
		for _, threads := range []int{1, 2} {
			line := []string{shape, fmt.Sprint(threads)}
			for _, library := range libraries {
				mine := func(k kernelSpeed) bool { return k.Library == library && k.Shape == shape && k.Threads == threads }
				speed, ok := spreadOf(values(s.Kernels, mine, func(k kernelSpeed) float64 { return k.GFLOPS }))
				cell := ""
				if ok {
					cell = digits(speed.mid)
				}
				if peak, ok := spreadOf(values(s.Kernels, mine, func(k kernelSpeed) float64 { return k.Peak })); ok {
					cell += fmt.Sprintf(" (%.0f %%)", 100*speed.mid/peak.mid)
				}
				line = append(line, cell)
			}
			lines = append(lines, line)
		}
	}
	return table(append([]string{"shape", "threads"}, libraries...), lines)
}
