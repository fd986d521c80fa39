// Command bench trains the classic MNIST CNN with kerasgo and with real Keras in Python, run by run in turn on the same machine, prints medians and spreads and
// writes docs/performance.md:
//
//	go run ./engine/bench -epochs 3 -rounds 3
//
// Run it in the root of the repository, on a machine that does nothing else. A contender is any command that prints Keras's lines of verbose=2; its
// epochs are timed from outside, by the arrival of these lines, so that no contender judges itself:
//
//	-ours 'name=./cmd/kerasgo fit examples/mnist_cnn.yaml --epochs {epochs} --bar line --no-save'
//
// {epochs} is replaced, words are split at spaces, and a first word that begins with ./ is a Go package, built first. The Python of the peer is that of the
// environment variable KERASGO_PYTHON; without it a virtual environment is made in the user's cache folder and Keras is installed there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// config is what the flags say.
type config struct {
	epochs, rounds int
	ours           commands
	peer           bool
	packages       string
	out            string
}

// commands is a flag that may be given several times: name=command.
type commands []string

func (c *commands) String() string { return strings.Join(*c, "; ") }

func (c *commands) Set(s string) error {
	if name, command, ok := strings.Cut(s, "="); !ok || name == "" || strings.TrimSpace(command) == "" {
		return errors.New("want name=command")
	}
	*c = append(*c, s)
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		if err := worker(os.Args[2:], os.Stdout, os.Stderr); err != nil {
			log.Fatal(err)
		}
		return
	}
	var c config
	flag.IntVar(&c.epochs, "epochs", 3, "epochs of each run")
	flag.IntVar(&c.rounds, "rounds", 3, "runs of each contender")
	flag.Var(&c.ours, "ours", "`name=command` of a contender; may be given several times (default the notebook's spec through ./cmd/kerasgo)")
	flag.BoolVar(&c.peer, "peer", true, "run real Keras too")
	flag.StringVar(&c.packages, "packages", "keras tensorflow", "what to install for the peer if KERASGO_PYTHON is unset")
	flag.StringVar(&c.out, "o", "docs/performance.md", "`file` to write the table to; empty for none")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("unexpected argument %q", flag.Arg(0))
	}
	if len(c.ours) == 0 {
		c.ours = commands{"kerasgo=./cmd/kerasgo fit examples/mnist_cnn.yaml --epochs {epochs} --bar line --no-save"}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := notebook(ctx, c)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

// notebook lets the contenders train in turn and reports.
func notebook(ctx context.Context, c config) error {
	if c.epochs < 2 || c.rounds < 1 { // Keras prints no heading for a single epoch
		return errors.New("-epochs must be at least 2 and -rounds at least 1")
	}
	dir, err := os.MkdirTemp("", "kerasgo-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	all, err := contenders(ctx, c, dir)
	if err != nil {
		return err
	}
	samples := make([][]sample, len(all))
	for round := range c.rounds {
		for i, one := range all {
			log.Printf("round %d of %d: %s", round+1, c.rounds, one.name)
			s, err := one.run(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
			samples[i] = append(samples[i], s)
		}
	}
	text := table(all, samples)
	fmt.Print(text)
	if c.out == "" {
		return nil
	}
	return writeReport(c, all, samples, time.Now())
}

// contenders makes the commands ready: Go packages are built into dir, the peer's Python is found or made.
func contenders(ctx context.Context, c config, dir string) ([]contender, error) {
	var all []contender
	for _, s := range c.ours {
		name, command, _ := strings.Cut(s, "=")
		command = strings.ReplaceAll(command, "{epochs}", strconv.Itoa(c.epochs))
		one := contender{name: name, shown: "go run " + command, args: strings.Fields(command), epochs: c.epochs}
		if pkg := one.args[0]; strings.HasPrefix(pkg, "./") {
			binary := filepath.Join(dir, fmt.Sprintf("%d-%s", len(all), filepath.Base(pkg)))
			build := exec.CommandContext(ctx, "go", "build", "-o", binary, pkg)
			build.Stdout, build.Stderr = os.Stderr, os.Stderr
			if err := build.Run(); err != nil {
				return nil, fmt.Errorf("go build %s: %w", pkg, err)
			}
			one.args = append([]string{binary}, one.args[1:]...)
		} else {
			one.shown = command
		}
		all = append(all, one)
	}
	if !c.peer {
		return all, nil
	}
	python, err := findPython(ctx, strings.Fields(c.packages))
	if err != nil {
		return nil, err
	}
	args := []string{"engine/bench/keras_mnist.py", "--epochs", strconv.Itoa(c.epochs)}
	return append(all, contender{
		name: "Keras (Python)", shown: "python " + strings.Join(args, " "), args: slices.Concat([]string{python}, args), epochs: c.epochs,
	}), nil
}
