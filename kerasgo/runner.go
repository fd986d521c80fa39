package keras

import (
	"context"
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/run"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
)

// runner runs batches of a data set through the model and keeps the running means
// that logs show.
type runner struct {
	m     *Model
	mode  mode
	data  *arrays
	order *order
	steps map[int]*stepper // by batch length: the last batch may be short
	host  bool             // something runs before the step
	means []mean           // the model's: total loss, then, with several losses, each output's
	names []string         // of the means
	last  []namedValue     // metrics after the last batch
	own   bool             // the user's step yields the logs: last is all

	pipe   *pipeline           // of a Dataset
	shapes map[string]*stepper // of a Dataset, whose batches may have any shapes
}

// mean is a float32 mean as Keras's metric of that name keeps it.
type mean struct{ total, count float32 }

func (m *mean) add(v float32, n int) {
	m.total += v * float32(n)
	m.count += float32(n)
}

func (m mean) value() float64 {
	if m.count == 0 {
		return 0
	}
	return float64(m.total / m.count)
}

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

// newRunner prepares the model for a data set: metrics and, for training, the
// optimizer are set up for its shapes.
func (m *Model) newRunner(md mode, data *arrays, batchSize int) (*runner, error) {
	r := &runner{m: m, mode: md, data: data, steps: map[int]*stepper{}, shapes: map[string]*stepper{}, host: m.onHost()}
	r.setOrder(batchSize, inOrder, 0)
	if err := m.prepare(md, data); err != nil {
		return nil, err
	}
	r.own, r.names = m.ownStep(md) != nil, m.lossNames()
	if m.compiled.means == nil {
		m.compiled.means = make([]mean, len(r.names))
	}
	r.means = m.compiled.means
	return r, nil
}

// setOrder chooses the order of the samples, or of the batches of a Dataset.
func (r *runner) setOrder(batchSize int, how shuffling, seed uint64) {
	if r.data.feed != nil {
		batchSize = 1
	}
	r.order = newOrder(max(r.data.items(), 0), batchSize, how, seed)
	r.order.endless = r.data.items() < 0
}

// next returns the samples of the next batch; none at the end of a pass. A Dataset's
// batch takes the place of the data.
func (r *runner) next() ([]int, error) {
	f := r.data.feed
	if f == nil {
		return r.order.next(), nil
	}
	if r.pipe == nil {
		r.pipe = f.start(r.mode, r.order.rest())
	}
	if len(r.order.next()) == 0 {
		return nil, nil
	}
	data, err := r.pipe.next()
	if err != nil {
		return nil, err
	}
	r.data, data.feed = data, f
	return f.all(data.n), nil
}

// pause ends the making of batches ahead; ended tells the Dataset so.
func (r *runner) pause(ended bool) {
	if r.pipe != nil {
		r.pipe.close()
		r.pipe = nil
	}
	if f := r.data.feed; f != nil && ended {
		f.ended()
	}
}

// lossNames returns "loss" and, when several outputs have a loss, the names of
// theirs.
func (m *Model) lossNames() []string {
	names := []string{"loss"}
	for i, l := range m.compiled.losses {
		if l != nil {
			names = append(names, m.lossName(i, l)+"_loss")
		}
	}
	if len(names) == 2 {
		return names[:1]
	}
	return names
}

// lossName names the loss of an output: after the output, or, where that has no name,
// after the loss.
func (m *Model) lossName(i int, l any) string {
	if !m.namelessOutputs() {
		return m.outputNames()[i]
	}
	given, _ := m.compiled.args.Loss.(string)
	if list, ok := m.compiled.args.Loss.([]any); ok {
		given, _ = list[i].(string)
	}
	if given == "" {
		given = nameOf(l)
	}
	return given
}

// values returns what Evaluate does.
func (r *runner) values() []float64 {
	if r.own {
		return r.m.inOwnOrder(r.last)
	}
	var losses []namedValue
	for _, v := range r.means {
		losses = append(losses, namedValue{value: v.value()})
	}
	var out []float64
	for _, v := range r.m.compiled.inOrder(losses, r.last) {
		out = append(out, v.value)
	}
	return out
}

// prepare resolves what depends on the data's shapes.
func (m *Model) prepare(md mode, data *arrays) error {
	own := m.ownStep(md) != nil
	if !own {
		if err := m.checkTargets(data); err != nil {
			return err
		}
	} else if len(data.y) != len(m.outputs) {
		return nil // the step makes of them what it wants
	}
	y, pred := make([]tensor.Shape, len(m.outputs)), make([]tensor.Shape, len(m.outputs))
	for i, s := range m.outputs {
		pred[i] = s.shape.Clone()
		if t := data.y[i]; t != nil {
			y[i] = t.Shape().Clone()
			y[i][0] = tensor.Unknown
		}
	}
	if err := m.bindMetrics(y, pred); err != nil {
		return err
	}
	if md == modeTrain && !own {
		m.buildOptimizer()
	}
	return nil
}

// checkTargets reports losses without targets and class numbers that the output
// does not have.
func (m *Model) checkTargets(data *arrays) error {
	for i, l := range m.compiled.losses {
		if l == nil {
			continue
		}
		y, name := data.y[i], m.outputNames()[i]
		if y == nil {
			return fmt.Errorf("output %q has a loss, but there are no targets for it", name)
		}
		sparse, ok := l.(losses.SparseCategoricalCrossentropy)
		if !ok || sparse.Axis != nil && *sparse.Axis != -1 {
			continue
		}
		classes := m.outputs[i].shape.Last()
		for k := range y.Size() {
			c := y.Float64At(k)
			if c >= 0 && c < float64(classes) || classes < 0 || sparse.IgnoreClass != nil && c == float64(*sparse.IgnoreClass) {
				continue
			}
			return fmt.Errorf("target %d is %v, but output %q has %d classes, numbered from 0", k, c, name, classes)
		}
	}
	return nil
}

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

// close gives the frames back.
func (r *runner) close() {
	r.pause(false)
	for _, s := range r.shapes {
		s.p.release(s.f)
	}
	for _, s := range r.steps {
		s.p.release(s.f)
	}
}

// step runs one batch and takes its loss and metrics into the logs.
func (r *runner) step(rows []int) error {
	s, err := r.filled(rows)
	if err != nil {
		return err
	}
	if r.host {
		defer s.p.release(s.f)
	}
	if s.state != nil && r.m.compiled.iteration != nil && r.m.steps.Train == nil {
		state := tensor.Data[int64](s.state)
		state[0], state[1] = int64(r.m.seed), int64(r.m.compiled.iteration.Int32s()[0])
	} else if s.state != nil {
		tensor.Data[int64](s.state)[1] = int64(r.m.ownSteps)
	}
	if r.mode == modeTrain {
		r.m.ownSteps++
	}
	r.m.mu.Lock()
	err = run.Default().Run(s.f)
	r.m.mu.Unlock()
	if err != nil {
		return err
	}
	if s.p.logs != nil {
		return r.collectLogs(s)
	}
	return r.collect(s.f, len(rows))
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
	if len(s.ahead) > 0 && &s.ahead[0] == &rows[0] && s.pass == r.order.epoch {
		s.b[0], s.b[1] = s.b[1], s.b[0]
	} else {
		r.data.gather(s.b[0], 0, rows)
	}
	for i, list := range [3][]*tensor.Tensor{s.b[0].x, s.b[0].y, s.b[0].w} {
		if err := s.p.feed(s.f, "xyw"[i:i+1], list); err != nil {
			return err
		}
	}
	s.ahead = nil
	if r.data.feed != nil {
		return nil
	}
	if next := r.order.peek(); len(next) == len(rows) && r.order.at > 0 {
		if s.b[1] == nil {
			s.b[1] = r.data.newBatch(len(rows))
		}
		s.ahead, s.pass, s.f.Side = next, r.order.epoch, s.gather
	}
	return nil
}

// collect reads the step's outputs: total loss, losses by output, metrics.
func (r *runner) collect(f *run.Frame, n int) error {
	r.means[0].add(f.Output(0).Float32s()[0], n)
	k := 1
	for _, l := range r.m.compiled.losses {
		if l == nil {
			continue
		}
		if len(r.means) > 1 {
			r.means[k].add(f.Output(k).Float32s()[0], n)
		}
		k++
	}
	if r.last == nil {
		for i, b := range r.m.compiled.metrics {
			b.values = f.Output(k + i).Size()
		}
		r.last = r.m.compiled.results()
	}
	at := 0
	for i, b := range r.m.compiled.metrics {
		for j := range b.values {
			r.last[at].value = f.Output(k + i).Float64At(j)
			at++
		}
	}
	return nil
}

// resetMetrics forgets what the loss and the metrics have seen.
func (m *Model) resetMetrics() {
	clear(m.compiled.means)
	for _, b := range m.compiled.metrics {
		b.reset()
	}
	for _, b := range m.ownMetrics() {
		b.reset()
	}
}

// logs returns the means and metrics so far.
func (r *runner) logs() callbacks.Logs {
	l := callbacks.Logs{}
	for i, n := range r.names {
		if !r.own {
			l[n] = r.means[i].value()
		}
	}
	for _, v := range r.last {
		l[v.name] = v.value
	}
	return l
}

// epoch runs the batches of one epoch and returns how many there were. With
// continued the data goes on from the last epoch.
func (r *runner) epoch(s *session, ctx context.Context, steps int, continued bool, list callbacks.List) (int, error) {
	if s.at.batch == 0 && (!continued || r.order.at == 0 || r.order.at >= len(r.order.rows)) {
		r.order.restart()
	}
	defer func() { r.pause(true) }()
	for step := s.at.batch; step < steps; step++ {
		if ctx != nil && ctx.Err() != nil {
			return step, ctx.Err()
		}
		rows, err := r.next()
		if err != nil {
			return step, err
		}
		if len(rows) == 0 {
			s.Warn(fmt.Sprintf("the data ran out after %d of %d steps of the epoch; give more data or fewer steps_per_epoch", step, steps))
			return step, nil
		}
		if err := list.OnTrainBatchBegin(step, nil); err != nil {
			return step, err
		}
		if err := r.step(rows); err != nil {
			return step, err
		}
		s.at.batch++
		if err := list.OnTrainBatchEnd(step, r.logs()); err != nil {
			return step, err
		}
		if s.Stopped() {
			return step + 1, nil
		}
	}
	return steps, nil
}

// evaluate runs the data set, or the first steps batches of it, and returns the
// logs.
func (r *runner) evaluate(s *session, ctx context.Context, steps int, list callbacks.List) (callbacks.Logs, error) {
	r.m.resetMetrics()
	r.order.restart()
	if err := list.OnTestBegin(nil); err != nil {
		return nil, err
	}
	defer func() { r.pause(true) }()
	for step := 0; steps == 0 || step < steps; step++ {
		if ctx != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		rows, err := r.next()
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		if err := list.OnTestBatchBegin(step, nil); err != nil {
			return nil, err
		}
		if err := r.step(rows); err != nil {
			return nil, err
		}
		if err := list.OnTestBatchEnd(step, r.logs()); err != nil {
			return nil, err
		}
	}
	logs := r.logs()
	return logs, list.OnTestEnd(logs)
}

// recoverShape turns a *tensor.ShapeError that was panicked with into an error.
func recoverShape(err *error) {
	if v := recover(); v != nil {
		e, ok := v.(*tensor.ShapeError)
		if !ok {
			panic(v)
		}
		*err = e
	}
}

// withoutPrefix takes the package's name off an error that gets it again.
func withoutPrefix(err error) error {
	if s := err.Error(); strings.HasPrefix(s, "keras: ") {
		return &trimmed{err, strings.TrimPrefix(s, "keras: ")}
	}
	return err
}

// trimmed is an error without the package's name, which the caller puts in front.
type trimmed struct {
	error
	msg string
}

func (t *trimmed) Error() string { return t.msg }
func (t *trimmed) Unwrap() error { return t.error }
