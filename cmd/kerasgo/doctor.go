package main

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/kerasgo/experiment"
)

// doctorCommand tells what the program makes of the machine.
func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check the machine: processor, kernels and their self-check, threads, speed",
		Args:  exactArgs(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			threads, err := run.Threads()
			if err != nil {
				return err
			}
			cpu := experiment.CPU()
			if cpu == "" {
				cpu = runtime.GOARCH
			}
			line := func(name, format string, args ...any) {
				fmt.Fprintf(a.out, "%-14s %s\n", name, fmt.Sprintf(format, args...))
			}
			line("version", "kerasgo %s, %s %s/%s", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			line("processor", "%s", cpu)
			line("features", "%s", strings.Join(cpuFeatures(), " "))
			line("kernels", "%s (of %s)", kernel.ISA(), strings.Join(kernel.ISAs(), ", "))
			if err := kernel.Disabled(); err != nil {
				line("switched off", "%v", err)
			}
			line("bfloat16", "%s", bfloat16Note())
			line("threads", "%d (of %d processors)", threads, runtime.NumCPU())
			peak := kernel.FMAPeak()
			speed := brgemmSpeed()
			line("peak", "%.1f GFLOP/s of multiply-adds on one thread", peak)
			line("products", "%.1f GFLOP/s, %.0f%% of the peak", speed, 100*speed/peak)
			if err := kernel.SelfCheck(); err != nil {
				line("self-check", "FAILED: %v", err)
				return errors.New("the kernels compute wrong results on this machine; KERASGO_ISA=generic avoids them")
			}
			line("self-check", "ok")
			return nil
		},
	}
}

// brgemmSpeed measures the matrix product inside convolutions and dense layers, in
// 10^9 operations a second on one thread, with operands in the cache.
func brgemmSpeed() float64 {
	const m, n, k, blocks = 48, 64, 64, 4
	a, b, c := make([]float32, blocks*m*k), make([]float32, blocks*k*n), make([]float32, m*n)
	for i := range a {
		a[i] = float32(math.Mod(float64(i), 7))
	}
	for i := range b {
		b[i] = float32(math.Mod(float64(i), 5))
	}
	g := kernel.Brgemm{M: m, N: n, K: k, NB: blocks, LdA: k, LdB: n, LdC: n, StrideA: m * k, StrideB: k * n}
	best := 0.0
	for range 5 { // the best run is the one least disturbed
		start, rounds := time.Now(), 0
		for time.Since(start) < 10*time.Millisecond {
			for range 20 {
				g.NN(c, a, b)
			}
			rounds += 20
		}
		best = max(best, 2*m*n*k*blocks*float64(rounds)/time.Since(start).Seconds()/1e9)
	}
	return best
}
