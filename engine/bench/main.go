// Command bench compares kerasgo with real Keras, plain torch and onnxruntime on the same machine and writes docs/performance.md. Run it in the root of the
// repository, on a machine that does nothing else:
//
//	go run ./engine/bench [-rows cnn,lstm] [-peers keras-jax] [-rounds 3] [-seconds 3]   the workloads, ours and the peers' in turn
//	go run ./engine/bench kernels                                                        matrix products by shape, beside other libraries
//	go run ./engine/bench growth                                                         time by batch, width, depth and image size
//	go run ./engine/bench stream                                                         memory while training on 10 million rows that are made on the way
//	go run ./engine/bench render                                                         the documents again from what was measured
//	go run ./engine/bench worker -workload lstm [-mode predict] [-profile] [-busy 1]     one workload, ours, as one line of JSON
//
// What is measured is kept in docs/performance.json, so that a comparison may be done in pieces: a command replaces what it measures anew and keeps the rest.
//
// The Python of the peers is that of the environment variable KERASGO_PYTHON; without it a virtual environment is made in the user's cache folder and Keras
// and its backends are installed there.
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
	"strings"
	"time"
)

// config is what the flags of a comparison say.
type config struct {
	rows, peers    string
	rounds, epochs int
	seconds        float64
	add            bool
	packages       string
	files
}

// files is where results go.
type files struct{ results, out, readme string }

func (o *files) flags(f *flag.FlagSet) {
	f.StringVar(&o.results, "results", "docs/performance.json", "`file` of what was measured so far")
	f.StringVar(&o.out, "o", "docs/performance.md", "`file` to write the tables to; empty for none")
	f.StringVar(&o.readme, "readme", "README.md", "`file` whose performance section to write; empty for none")
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := command(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		log.Fatal(err)
	}
}

func command(ctx context.Context, args []string) error {
	name := "compare"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	switch name {
	case "compare":
		return compare(ctx, args)
	case "worker":
		return worker(args, os.Stdout, os.Stderr)
	case "busy":
		return busy(os.Stdin)
	case "kernels":
		return kernels(ctx, args)
	case "kernel-worker":
		return kernelWorker(args, os.Stdout)
	case "growth":
		return growth(ctx, args)
	case "stream":
		return stream(args)
	case "render":
		return renderCommand(args)
	}
	return fmt.Errorf("no command %q; there are worker, kernels, growth, stream, render and, without a name, the comparison", name)
}

// compare lets the contenders do the rows in turn.
func compare(ctx context.Context, args []string) error {
	var c config
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&c.rows, "rows", "", "`names` of rows, with commas (default all)")
	f.StringVar(&c.peers, "peers", strings.Join(allPeers, ","), "`names` of peers, with commas; empty for none")
	f.IntVar(&c.rounds, "rounds", 3, "runs of each contender in each row")
	f.Float64Var(&c.seconds, "seconds", 3, "seconds of each run, after warming up")
	f.IntVar(&c.epochs, "epochs", 3, "epochs of the whole notebook")
	f.BoolVar(&c.add, "add", false, "add rounds to those that the rows have, instead of replacing them")
	f.StringVar(&c.packages, "packages", "keras tensorflow jax torch onnx onnxruntime", "what to install for the peers if KERASGO_PYTHON is unset")
	c.files.flags(f)
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if c.rounds < 1 || c.epochs < 2 || c.seconds <= 0 { // Keras prints no heading for a single epoch
		return errors.New("-rounds must be at least 1, -epochs at least 2 and -seconds more than 0")
	}
	list, err := chosen(c.rows)
	if err != nil {
		return err
	}
	if err := choosePeers(list, c.peers); err != nil {
		return err
	}
	r, err := newRunner(ctx, c, list)
	if err != nil {
		return err
	}
	defer os.RemoveAll(r.dir)
	s, err := openStore(c.results)
	if err != nil {
		return err
	}
	shown := "go run ./engine/bench " + strings.Join(args, " ")
	for _, w := range list {
		p := piece{w.name, strings.TrimSpace(shown), time.Now().Format(time.DateOnly)}
		if c.add {
			s.note(p)
		} else {
			s.begin(p)
		}
	}
	for round := range c.rounds {
		for _, w := range list {
			if err := r.round(ctx, s, w, round); err != nil {
				return err
			}
		}
	}
	return c.files.finish(s)
}

// round lets every contender of a row run once.
func (r *runner) round(ctx context.Context, s *store, w row, round int) error {
	for _, contender := range append([]string{ours}, w.peers...) {
		if s.Missing[w.name] != "" {
			return nil
		}
		log.Printf("round %d: %s: %s", round+1, w.name, contender)
		var err error
		switch w.mode {
		case "fit":
			var one sample
			if one, err = r.notebook(ctx, contender); err == nil {
				s.Notebook = append(s.Notebook, one)
			}
		case "start":
			var some []start
			if some, err = r.starts(ctx, contender); err == nil {
				s.Start = append(s.Start, some...)
			}
		default:
			var one result
			if one, err = r.steps(ctx, w, contender); err == nil {
				one.Row, one.Round = w.name, round
				s.Steps = append(s.Steps, one)
			}
		}
		if err != nil && strings.Contains(err.Error(), notAvailable) {
			log.Print(err)
			s.miss(w.name, whyMissing(err))
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", w.name, contender, err)
		}
	}
	return nil
}

// newRunner makes ready what the rows need: the Python of the peers, the kerasgo command.
func newRunner(ctx context.Context, c config, list []row) (*runner, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	r := &runner{self: self, seconds: c.seconds, epochs: c.epochs}
	whole, peers := false, false
	for _, w := range list {
		whole = whole || w.mode == "fit" || w.mode == "start"
		peers = peers || len(w.peers) > 0
	}
	if peers {
		if r.python, err = findPython(ctx, strings.Fields(c.packages)); err != nil {
			return nil, err
		}
	}
	if r.dir, err = os.MkdirTemp("", "kerasgo-bench"); err != nil {
		return nil, err
	}
	if whole {
		r.kerasgo = filepath.Join(r.dir, "kerasgo")
		build := exec.CommandContext(ctx, "go", "build", "-o", r.kerasgo, "./cmd/kerasgo")
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if err := build.Run(); err != nil {
			os.RemoveAll(r.dir)
			return nil, fmt.Errorf("go build ./cmd/kerasgo: %w", err)
		}
	}
	return r, nil
}

// finish saves what was measured and writes the documents.
func (o files) finish(s *store) error {
	if err := s.save(o.results); err != nil {
		return err
	}
	return o.render(s)
}
