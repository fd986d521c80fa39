package keras

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/plan"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// mode is what a Program is for.
type mode uint8

const (
	modePredict mode = iota
	modeTest
	modeTrain
)

// programs caches compiled Programs by mode and shapes.
type programs struct {
	mu      sync.Mutex
	m       map[string]*program
	lessons int         // of the layers, when the Programs were compiled
	profile atomic.Bool // frames measure their steps
}

func (p *programs) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.m = nil
}

// program is a compiled step of a model for inputs of given shapes, with the
// frames that run it.
type program struct {
	*run.Program
	bound  []*tensor.Tensor
	logs   []string        // of a step of the user's own: names of what it yields
	frames chan *run.Frame // idle ones; its capacity bounds how many there are
	slots  chan struct{}   // one token for every frame that may still be made

	mode    mode
	batch   int          // samples of a run
	profile *atomic.Bool // the model's
}

// specs describes what is fed: data, targets and sample weights. Targets and
// weights are zero Specs (nil shapes) for outputs that have none.
type specs struct {
	x, y, w []graph.Spec
	host    []string // keys of the last of x, which were computed before the step
}

func (s specs) key(md mode) string {
	var b strings.Builder
	fmt.Fprint(&b, md)
	for _, l := range [][]graph.Spec{s.x, s.y, s.w} {
		b.WriteByte('|')
		for _, v := range l {
			fmt.Fprint(&b, v.DType, []int(v.Shape), ";")
		}
	}
	return b.String()
}

// maxPrograms bounds how many are kept: with texts of any length every batch may need
// another one.
const maxPrograms = 256

// maxFrames is how many callers may run one Program at the same time before the
// next one waits.
const maxFrames = 16

// program returns the Program for the given shapes, compiling it at first use.
func (m *Model) program(md mode, s specs) (*program, error) {
	m.programs.mu.Lock()
	defer m.programs.mu.Unlock()
	if n := m.lessons(); n != m.programs.lessons || len(m.programs.m) > maxPrograms {
		m.programs.m, m.programs.lessons = nil, n
	}
	key := s.key(md)
	if p := m.programs.m[key]; p != nil {
		return p, nil
	}
	b, err := m.graphOf(md, s)
	if err != nil {
		return nil, err
	}
	g, want := b.g, b.want
	compiled, err := plan.Compile(g, want)
	if err != nil {
		return nil, err
	}
	p := &program{Program: compiled, bound: b.bound, logs: b.logs, frames: make(chan *run.Frame, maxFrames), slots: make(chan struct{}, maxFrames), mode: md, batch: s.x[0].Shape[0], profile: &m.programs.profile}
	for range maxFrames {
		p.slots <- struct{}{}
	}
	if m.programs.m == nil {
		m.programs.m = map[string]*program{}
	}
	m.programs.m[key] = p
	return p, nil
}

// stepGraph is a step before it is compiled.
type stepGraph struct {
	g     *graph.Graph
	want  []graph.Value
	bound []*tensor.Tensor // by the number of the graph's variable
	logs  []string         // of a step of the user's own
}

// graphOf builds the step of a mode: Keras's, or the user's.
func (m *Model) graphOf(md mode, s specs) (b stepGraph, err error) {
	if own := m.ownStep(md); own != nil {
		return m.traceStep(md, s, own)
	}
	b.g, b.want, err = m.step(md, s)
	b.bound = m.bound(md)
	return b, err
}

// frame takes an idle frame, makes one, or waits for one.
func (p *program) frame() (*run.Frame, error) {
	f, err := p.anyFrame()
	if err == nil {
		f.Profile = p.profile.Load()
	}
	return f, err
}

func (p *program) anyFrame() (*run.Frame, error) {
	select {
	case f := <-p.frames:
		return p.grown(f)
	default:
	}
	select {
	case f := <-p.frames:
		return p.grown(f)
	case <-p.slots:
		return p.NewFrame(p.bound, run.Default().Size())
	}
}

// grown returns f, or another frame if there are more workers now than when f was made.
func (p *program) grown(f *run.Frame) (*run.Frame, error) {
	workers := run.Default().Size()
	if f.Workers() >= workers || f.ProfiledRuns() > 0 {
		return f, nil
	}
	larger, err := p.NewFrame(p.bound, workers)
	if err != nil {
		p.release(f)
	}
	return larger, err
}

func (p *program) release(f *run.Frame) { p.frames <- f }

// feed sets the inputs that the Program has use for.
func (p *program) feed(f *run.Frame, prefix string, ts []*tensor.Tensor) error {
	for i, t := range ts {
		if t == nil {
			continue
		}
		if k := p.InputIndex(inputName(prefix, i)); k >= 0 {
			if err := f.SetInput(k, t); err != nil {
				return err
			}
		}
	}
	return nil
}

var inputNames [3][8]string

func init() {
	for k, p := range []string{"x", "y", "w"} {
		for i := range inputNames[k] {
			inputNames[k][i] = fmt.Sprint(p, i)
		}
	}
}

// inputName names input i among data "x", targets "y" and weights "w".
func inputName(prefix string, i int) string {
	if i < len(inputNames[0]) {
		return inputNames[strings.Index("xyw", prefix)][i]
	}
	return fmt.Sprint(prefix, i)
}

// bound lists the tensors of the graph's variables: weights, what layers keep, then, for training
// and testing, metric states, and for training the optimizer's variables.
func (m *Model) bound(md mode) []*tensor.Tensor {
	var list []*tensor.Tensor
	for _, v := range slices.Concat(m.vars, m.memory()) {
		list = append(list, v.tensor)
	}
	if md == modePredict {
		return list
	}
	for _, b := range m.compiled.metrics {
		list = append(list, b.state...)
	}
	if md == modeTrain {
		cp := m.compiled
		list = append(list, cp.iteration, cp.rate)
		list = append(list, cp.slots...)
	}
	return list
}
