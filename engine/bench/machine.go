package main

import (
	"bytes"
	"os"
	"strings"
	"sync"

	"github.com/kerasgo/kerasgo/engine/kernel"
)

func isa() string { return kernel.ISA() }

// peaks measures the multiply-adds that one thread and two threads together do from registers, in GFLOP/s.
func peaks() (one, two float64) {
	one = kernel.FMAPeak()
	var each [2]float64
	var all sync.WaitGroup
	for i := range each {
		all.Go(func() { each[i] = kernel.FMAPeak() })
	}
	all.Wait()
	return one, each[0] + each[1]
}

// cpuName is the processor's name where the system tells it in /proc/cpuinfo.
func cpuName() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // elsewhere there is none, and then no name
	for line := range bytes.Lines(info) {
		if key, value, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}
