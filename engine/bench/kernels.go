package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/kerasgo/kerasgo/engine/run"
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// kernelSpeed is how fast a library does one product or convolution.
type kernelSpeed struct {
	Library string  `json:"library"`
	Shape   string  `json:"shape"`
	Threads int     `json:"threads"`
	GFLOPS  float64 `json:"gflops"`
	Peak    float64 `json:"peak"` // GFLOP/s of multiply-adds in the same process with as many threads; 0 in peers
	Version string  `json:"version"`
}

// product is a matrix product (m, k)·(k, n), either operand stored the other way around.
type product struct {
	name           string
	M, N, K        int
	TransA, TransB bool
}

// products are those that the training steps of the notebook and of the MLP are made of, and a square one.
var products = []product{
	{"conv2 forward", 8192, 64, 800, false, false},
	{"conv2 weight gradient", 800, 64, 8192, true, false},
	{"conv2 input gradient", 8192, 800, 64, false, true},
	{"conv1 forward", 73728, 32, 25, false, false},
	{"conv1 weight gradient", 25, 32, 73728, true, false},
	{"dense forward", 128, 128, 1024, false, false},
	{"dense weight gradient", 1024, 128, 128, true, false},
	{"dense input gradient", 128, 1024, 128, false, true},
	{"MLP forward", 128, 512, 784, false, false},
	{"MLP weight gradient", 784, 512, 128, true, false},
	{"MLP input gradient", 128, 512, 512, false, true},
	{"square", 1024, 1024, 1024, false, false},
}

// title names a product by its dimensions and the letters that BLAS has for its operands.
func (p product) title() string {
	letter := map[bool]string{false: "N", true: "T"}
	return fmt.Sprintf("%s, %d×%d×%d %s%s", p.name, p.M, p.N, p.K, letter[p.TransA], letter[p.TransB])
}

func (p product) flops() float64 { return 2 * float64(p.M) * float64(p.N) * float64(p.K) }

// shapes returns the dimensions of the operands as they are stored.
func (p product) shapes() (a, b [2]int) {
	a, b = [2]int{p.M, p.K}, [2]int{p.K, p.N}
	if p.TransA {
		a = [2]int{p.K, p.M}
	}
	if p.TransB {
		b = [2]int{p.N, p.K}
	}
	return a, b
}

const (
	openBLAS = "OpenBLAS (numpy)"
	oneDNN   = "oneDNN (torch)"
	gonumLib = "gonum"
	gomlxLib = "gomlx"
)

// kernels measures all libraries, each in a process of its own, as several pools of threads in one would disturb each other.
func kernels(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("kernels", flag.ContinueOnError)
	var o files
	o.flags(f)
	rounds := f.Int("rounds", 3, "runs of each library; the median counts")
	seconds := f.Float64("seconds", 0.2, "seconds for each shape")
	packages := f.String("packages", "numpy torch", "what to install for the peers if KERASGO_PYTHON is unset")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 || *rounds < 1 || *seconds <= 0 {
		return errors.New("want -rounds of at least 1, -seconds of more than 0 and no arguments")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	python, err := findPython(ctx, strings.Fields(*packages))
	if err != nil {
		return err
	}
	s, err := openStore(o.results)
	if err != nil {
		return err
	}
	s.begin(piece{"kernels", strings.TrimSpace("go run ./engine/bench kernels " + strings.Join(args, " ")), time.Now().Format(time.DateOnly)})
	dir, err := os.MkdirTemp("", "kerasgo-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	gomlx := filepath.Join(dir, "gomlx")
	if out, err := exec.CommandContext(ctx, "go", "build", "-C", "engine/bench/_gomlx", "-o", gomlx, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("building engine/bench/_gomlx: %w\n%s", err, out)
	}
	matrices, images := peerShapes()
	for round := range *rounds {
		for _, threads := range []int{1, 2} {
			n, t := strconv.Itoa(threads), fmt.Sprint(*seconds)
			for _, library := range []string{ours, gonumLib, gomlxLib, openBLAS, oneDNN} {
				log.Printf("round %d: %s, %d threads", round+1, library, threads)
				command := []string{self, "kernel-worker", "-library", library, "-seconds", t}
				switch library {
				case gomlxLib:
					command = []string{gomlx, "-seconds", t, "-products", matrices}
				case openBLAS, oneDNN:
					command = []string{python, "engine/bench/blas.py", "--library", library, "--threads", n, "--seconds", t, "--products", matrices, "--convolutions", images}
				}
				list, err := speeds(ctx, command, n)
				if err != nil {
					return fmt.Errorf("%s: %w", library, err)
				}
				s.Kernels = append(s.Kernels, list...)
			}
		}
	}
	return o.finish(s)
}

// peerShapes describes products and convolutions to the Python peers, as JSON.
func peerShapes() (matrices, images string) {
	var list, convs []map[string]any
	for _, p := range products {
		a, b := p.shapes()
		list = append(list, map[string]any{"Title": p.title(), "FLOPs": p.flops(), "A": a, "B": b, "TransA": p.TransA, "TransB": p.TransB})
	}
	for _, c := range convolutions {
		x, w, y := c.shapes()
		convs = append(convs, map[string]any{"Title": c.title(), "FLOPs": c.flops(), "Pass": c.pass, "X": x, "W": w, "Y": y})
	}
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err) // strings and numbers only
		}
		return string(b)
	}
	return text(list), text(convs)
}

// speeds runs a worker with a number of threads and reads its list.
func speeds(ctx context.Context, args []string, threads string) ([]kernelSpeed, error) {
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "OPENBLAS_CORETYPE=") { // would choose other kernels than the machine's
			command.Env = append(command.Env, v)
		}
	}
	command.Env = append(command.Env, "KERASGO_THREADS="+threads, "GOMAXPROCS="+threads, "OMP_NUM_THREADS="+threads, "OPENBLAS_NUM_THREADS="+threads)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	var list []kernelSpeed
	return list, json.Unmarshal(out, &list)
}

// kernelWorker measures one library written in Go and prints a JSON list.
func kernelWorker(args []string, out io.Writer) error {
	f := flag.NewFlagSet("kernel-worker", flag.ContinueOnError)
	library := f.String("library", ours, "kerasgo or gonum")
	seconds := f.Float64("seconds", 0.2, "seconds for each shape")
	if err := f.Parse(args); err != nil {
		return err
	}
	threads, err := run.Threads()
	if err != nil {
		return err
	}
	var list []kernelSpeed
	add := func(shape string, flops float64, step func()) {
		one, two := peaks()
		speed := kernelSpeed{Library: *library, Shape: shape, Threads: threads, GFLOPS: flops / 1e6 / repeat(*seconds, step), Version: thisVersion(*library)}
		if *library == ours {
			speed.Peak = map[int]float64{1: one, 2: two}[threads]
		}
		list = append(list, speed)
	}
	for _, p := range products {
		step := p.gonum
		if *library == ours {
			step = p.ours
		}
		do, err := step()
		if err != nil {
			return err
		}
		add(p.title(), p.flops(), do)
	}
	if *library == ours {
		for _, c := range convolutions {
			do, err := c.ours()
			if err != nil {
				return err
			}
			add(c.title(), c.flops(), do)
		}
	}
	return json.NewEncoder(out).Encode(list)
}

// repeat calls step for the given time, after a few calls to warm up, and returns the median in milliseconds.
func repeat(seconds float64, step func()) float64 {
	for range 3 {
		step()
	}
	var times []float64
	for end := time.Now().Add(time.Duration(seconds * float64(time.Second))); len(times) == 0 || time.Now().Before(end); {
		start := time.Now()
		step()
		times = append(times, 1e3*time.Since(start).Seconds())
	}
	return median(times)
}

// gonum returns a call of gonum's product.
func (p product) gonum() (func(), error) {
	matrix := func(dims [2]int) blas32.General {
		return blas32.General{Rows: dims[0], Cols: dims[1], Stride: dims[1], Data: noise(dims[0] * dims[1])}
	}
	sa, sb := p.shapes()
	a, b, c := matrix(sa), matrix(sb), matrix([2]int{p.M, p.N})
	trans := map[bool]blas.Transpose{false: blas.NoTrans, true: blas.Trans}
	return func() { blas32.Gemm(trans[p.TransA], trans[p.TransB], 1, a, b, 0, c) }, nil
}
