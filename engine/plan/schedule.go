package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/run"
)

// task is what takes part in a phase: one kernel call in many chunks, or a chain
// of calls in one chunk each, done one after another by one worker. A chain needs
// no barriers inside: it is how the many small calls around a loss cost little.
type task struct {
	items []item
	phase int
	cost  int // estimated nanoseconds of all chunks
	in    int // the task that has swallowed this one, or -1
}

// mark says who touched a buffer last.
type mark struct {
	phase int // phase + 1; 0: nobody
	task  int // -1: several of that phase
	cost  int // of the task up to there
}

// add takes note of another reader.
func (m *mark) add(by mark) {
	switch {
	case by.phase > m.phase:
		*m = by
	case by.phase == m.phase && m.task != by.task:
		m.task = -1
	case by.phase == m.phase:
		m.cost = by.cost
	}
}

// cheap is how much work, in estimated nanoseconds, may be done one after another
// instead of side by side to save a barrier.
const cheap = 4000

// scheduler puts kernel calls into phases.
type scheduler struct {
	c             *compiler
	tasks         []task
	writes, reads []mark // by storage
	base          int    // the first phase after those of prepared items
}

// schedule puts every item into the first phase after all that it depends on: the
// writers of what it reads, and the earlier readers and writers of what it
// writes. Items of one phase run side by side. Prepared items have the first phases to
// themselves. An item with one chunk joins the
// chain that it would have to wait for, when that puts little work one after
// another that could be done side by side.
func (c *compiler) schedule() {
	s := scheduler{c: c, writes: make([]mark, len(c.storage)), reads: make([]mark, len(c.storage))}
	prepared := c.prepared()
	if !c.serial {
		c.segments(prepared)
	}
	for i, it := range c.items {
		if i == prepared {
			for _, t := range s.tasks {
				s.base = max(s.base, t.phase+1)
			}
		}
		s.add(it)
	}
	if prepared == len(c.items) { // all of them: nothing is left to run
		for _, t := range s.tasks {
			s.base = max(s.base, t.phase+1)
		}
	}
	c.prog.Prepared = s.base
	for i := range s.tasks {
		t := &s.tasks[i]
		if t.in >= 0 {
			continue
		}
		for len(c.phases) <= t.phase {
			c.phases = append(c.phases, nil)
		}
		c.phases[t.phase] = append(c.phases[t.phase], t)
	}
	for _, tasks := range c.phases {
		// The longest chunks first, so that the last ones to end are short.
		slices.SortStableFunc(tasks, func(a, b *task) int {
			return b.cost/b.items[0].step.Chunks - a.cost/a.items[0].step.Chunks
		})
		steps := make([]run.Step, len(tasks))
		for i, t := range tasks {
			steps[i] = t.step()
		}
		c.prog.Phases = append(c.prog.Phases, steps)
	}
}

// add schedules one item.
func (s *scheduler) add(it item) {
	var waits []mark
	for _, b := range it.reads {
		waits = append(waits, s.writes[s.c.storage[b]])
	}
	for _, b := range it.writes {
		waits = append(waits, s.writes[s.c.storage[b]], s.reads[s.c.storage[b]])
	}
	phase := s.base
	for _, m := range waits {
		phase = max(phase, m.phase)
	}
	id := -1
	if it.step.Chunks == 1 && phase > s.base {
		id = s.chain(it, waits, phase)
	}
	if id < 0 {
		id = len(s.tasks)
		s.tasks = append(s.tasks, task{phase: phase, in: -1})
	}
	t := &s.tasks[id]
	t.items = append(t.items, it)
	t.cost += s.c.cost(it)
	for _, b := range it.reads {
		s.reads[s.c.storage[b]].add(mark{t.phase + 1, id, t.cost})
	}
	for _, b := range it.writes {
		s.writes[s.c.storage[b]] = mark{t.phase + 1, id, t.cost}
	}
}

// chain returns the chain of phase-1 that an item which waits for that phase can
// join, or -1. Chains that it needs together are made one if that is cheap.
func (s *scheduler) chain(it item, waits []mark, phase int) int {
	id, rest, until := -1, 0, 0
	var all []int
	for _, m := range waits {
		if m.phase != phase {
			continue
		}
		if m.task < 0 {
			return -1
		}
		k := s.find(m.task)
		until = max(until, m.cost)
		if s.tasks[k].items[0].step.Chunks > 1 {
			return -1
		}
		if slices.Contains(all, k) {
			continue
		}
		all = append(all, k)
		rest += s.tasks[k].cost
		if id < 0 || s.tasks[k].cost > s.tasks[id].cost {
			id = k
		}
	}
	if rest-s.tasks[id].cost > cheap || s.tasks[id].cost-until > cheap && s.c.cost(it) > cheap {
		return -1
	}
	for _, k := range all {
		if k != id {
			s.tasks[id].items = append(s.tasks[id].items, s.tasks[k].items...)
			s.tasks[id].cost += s.tasks[k].cost
			s.tasks[k] = task{in: id}
		}
	}
	return id
}

func (s *scheduler) find(k int) int {
	for s.tasks[k].in >= 0 {
		k = s.tasks[k].in
	}
	return k
}

// cost estimates the time of an item in nanoseconds.
func (c *compiler) cost(it item) int {
	n := 0
	for _, list := range [2][]int{it.reads, it.writes} {
		for _, b := range list {
			n += c.prog.Buffers[b].Spec.Shape.Size()
		}
	}
	return 100 + n/8 + int(it.step.FLOPs/32)
}

// step makes a chain one step.
func (t *task) step() run.Step {
	first := t.items[0].step
	if len(t.items) == 1 {
		return first
	}
	s := run.Step{Name: "Chain", Scope: first.Scope, Chunks: 1}
	for _, it := range t.items {
		s.Parts = append(s.Parts, it.step)
		s.Scratch = max(s.Scratch, it.step.Scratch)
		s.FLOPs += it.step.FLOPs
		s.Bytes += it.step.Bytes
	}
	return s
}
