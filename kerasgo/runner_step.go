package keras

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// stepper is a compiled step with the memory it runs in.
type stepper struct {
	p     *program
	f     *run.Frame
	b     [2]*batch      // the one of this step, and the one being made ready
	state *tensor.Tensor // seed and step of random numbers, or nil

	ahead  []int     // samples that b[1] is made ready with, nil if none
	pass   int       // of the data, from which they are
	gather *run.Step // makes b[1] ready
}

// gatherChunk is how many samples a worker gathers at once.
const gatherChunk = 8

// stepper returns the compiled step for batches of n samples.
func (r *runner) stepper(n int) (*stepper, error) {
	s := r.steps[n]
	key := ""
	if r.data.feed != nil {
		key = r.data.specs(n).key(r.mode)
		s = r.shapes[key]
	}
	if s != nil {
		return s, nil
	}
	b := r.data.newBatch(n)
	s, err := r.newStepper(b.specs)
	if err != nil {
		return nil, err
	}
	s.b[0] = b
	if key != "" {
		r.shapes[key] = s
	} else {
		r.steps[n] = s
	}
	s.gather = &run.Step{Name: "Gather", Scope: "data", Chunks: (n + gatherChunk - 1) / gatherChunk, Run: func(_ *run.Frame, chunk int, _ []float32) {
		from := chunk * gatherChunk
		r.data.gather(s.b[1], from, s.ahead[from:min(from+gatherChunk, len(s.ahead))])
	}}
	return s, nil
}

// newStepper compiles the step for batches of the given shapes.
func (r *runner) newStepper(sp specs) (*stepper, error) {
	p, err := r.m.program(r.mode, sp)
	if err != nil {
		return nil, err
	}
	f, err := p.frame()
	if err != nil {
		return nil, err
	}
	s := &stepper{p: p, f: f}
	if k := p.InputIndex(ops.RNGInput); k >= 0 {
		s.state = tensor.From([]int64{int64(r.m.seed), 0}, 2)
		if err := f.SetInput(k, s.state); err != nil {
			p.release(f)
			return nil, err
		}
	}
	return s, nil
}

// filled returns the step for the given samples, fed with them.
func (r *runner) filled(rows []int) (*stepper, error) {
	if r.host {
		return r.hosted(rows)
	}
	s, err := r.stepper(len(rows))
	if err != nil {
		return nil, err
	}
	return s, r.fill(s, rows)
}

// hosted is filled for a model of which something runs before the step, so that the
// step depends on the samples. Its frame belongs to this run only.
func (r *runner) hosted(rows []int) (*stepper, error) {
	part, sp, err := r.m.hosted(r.data.rows(rows))
	if err != nil {
		return nil, err
	}
	s, err := r.newStepper(sp)
	if err != nil {
		return nil, err
	}
	for k, list := range [3][]*tensor.Tensor{part.x, part.y, part.w} {
		for i, t := range list {
			if t != nil {
				list[i] = t.Cast([3][]graph.Spec{sp.x, sp.y, sp.w}[k][i].DType)
			}
		}
		if err := s.p.feed(s.f, "xyw"[k:k+1], list); err != nil {
			s.p.release(s.f)
			return nil, err
		}
	}
	return s, nil
}

// fill feeds the step with the given samples. Workers gather those of the next step
// meanwhile, if that has as many.
func (r *runner) fill(s *stepper, rows []int) error {
	if r.data.feed != nil || len(rows) == r.data.n && r.order.mode == inOrder {
		return s.feed(r.data.whole(s.b[0], rows))
	}
	if len(s.ahead) > 0 && &s.ahead[0] == &rows[0] && s.pass == r.order.epoch {
		s.b[0], s.b[1] = s.b[1], s.b[0]
	} else {
		r.data.gather(s.b[0].memory(), 0, rows)
	}
	if err := s.feed([3][]*tensor.Tensor{s.b[0].x, s.b[0].y, s.b[0].w}); err != nil {
		return err
	}
	s.ahead = nil
	if next := r.order.peek(); len(next) == len(rows) && r.order.at > 0 {
		if s.b[1] == nil {
			s.b[1] = r.data.newBatch(len(rows)).memory()
		}
		s.ahead, s.pass, s.f.Side = next, r.order.epoch, s.gather
	}
	return nil
}

// feed sets the step's inputs: data, targets and weights.
func (s *stepper) feed(xyw [3][]*tensor.Tensor) error {
	for i, list := range xyw {
		if err := s.p.feed(s.f, "xyw"[i:i+1], list); err != nil {
			return err
		}
	}
	return nil
}
