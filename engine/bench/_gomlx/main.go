// Command gomlx measures the matrix products of `bench kernels` with GoMLX's backend in Go. It is a module of its own, so that GoMLX stays out of kerasgo's.
//
// It reads the JSON list of products from its argument and prints a JSON list of GFLOP/s.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/gomlx/gomlx/backends/simplego"
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"
)

type product struct {
	Title          string
	FLOPs          float64
	A, B           [2]int // as stored
	TransA, TransB bool
}

func main() {
	log.SetFlags(0)
	list := flag.String("products", "", "JSON list of products")
	seconds := flag.Float64("seconds", 0.2, "for each shape")
	flag.Parse()
	var products []product
	if err := json.Unmarshal([]byte(*list), &products); err != nil {
		log.Fatal(err)
	}
	backend, err := simplego.New("")
	if err != nil {
		log.Fatal(err)
	}
	version := "gomlx"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/gomlx/gomlx" {
				version = "gomlx " + m.Version + " (simplego)"
			}
		}
	}
	var out []map[string]any
	for _, p := range products {
		equation := map[bool]string{false: "mk,", true: "km,"}[p.TransA] + map[bool]string{false: "kn", true: "nk"}[p.TransB] + "->mn"
		exec, err := graph.NewExec(backend, func(a, b *graph.Node) *graph.Node { return graph.Einsum(equation, a, b) })
		if err != nil {
			log.Fatal(err)
		}
		a, b := matrix(p.A), matrix(p.B)
		step := func() {
			c, err := exec.Exec(a, b)
			if err != nil {
				log.Fatal(err)
			}
			c[0].FinalizeAll()
		}
		step()
		var times []float64
		for end := time.Now().Add(time.Duration(*seconds * float64(time.Second))); len(times) == 0 || time.Now().Before(end); {
			start := time.Now()
			step()
			times = append(times, time.Since(start).Seconds())
		}
		slices.Sort(times)
		out = append(out, map[string]any{
			"library": "gomlx", "shape": p.Title, "threads": runtime.GOMAXPROCS(0), "gflops": p.FLOPs / 1e9 / times[len(times)/2], "version": version,
		})
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		log.Fatal(err)
	}
}

func matrix(dims [2]int) *tensors.Tensor {
	data := make([]float32, dims[0]*dims[1])
	for i := range data {
		data[i] = 2*rand.Float32() - 1
	}
	return tensors.FromFlatDataAndDimensions(data, dims[:]...)
}
