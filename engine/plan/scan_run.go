package plan

import "github.com/kerasgo/kerasgo/engine/run"

// run does all steps for the samples from lo on. What a step reads and computes lies
// in the memory of the op's inputs and outputs: nothing is copied but what is wanted
// in two places.
func (p *scanPart) run(f *run.Frame, lo int) {
	sf := p.take()
	p.bindConstants(sf, f, lo)
	for k := range p.op.Length {
		t, next := k, k+1 // this element of the sequences, and the one after it
		if p.op.Reverse {
			t = p.op.Length - 1 - k
			next = t - 1
		}
		for i, st := range p.scan.states {
			from := p.stateBefore(sf, f, i, lo, k)
			if k == 0 && st.before >= 0 {
				copy(p.element(f, st.before, t, lo, len(from)), from)
			}
			sf.stateNow[i] = from
			p.feed(sf, sf.states[i], from)
		}
		for i, x := range p.scan.steps {
			sf.stepNow[i] = p.element(f, x.buffer, t, lo, len(sf.steps[i].own))
			p.feed(sf, sf.steps[i], sf.stepNow[i])
		}
		for i := range p.results {
			p.bindResult(sf, f, i, lo, k, t, next)
		}
		sf.ahead = sf.ahead[:0]
		if k < p.op.Length-1 {
			p.lookAhead(sf, f, lo, next)
		}
		sf.frame.Ahead = sf.ahead
		sf.frame.RunSerial()
		for i := range p.results {
			p.copyResult(sf, f, i, lo, k, t, next)
		}
		p.sum(sf, f, lo, k == 0)
	}
	p.release(sf)
}

// bindConstants gives the step what is the same at all steps.
func (p *scanPart) bindConstants(sf *scanFrame, f *run.Frame, lo int) {
	for i, m := range p.panels {
		sf.frame.Bind([]int{m.buffer}, f.F32[p.packed[i]])
	}
	for i, x := range p.scan.constants {
		switch own := sf.constants[i].own; {
		case own != nil:
			copy(own, f.F32[x.buffer][p.rowStart(lo, len(own)):])
		case p.constants[i] >= 0:
			if err := sf.frame.SetInput(p.constants[i], f.T[x.buffer]); err != nil {
				panic(err)
			}
		}
	}
}

// stateBefore returns where a state lies before the k-th step.
func (p *scanPart) stateBefore(sf *scanFrame, f *run.Frame, i, lo, k int) []float32 {
	if k > 0 {
		return sf.now[p.next[i]]
	}
	n := len(sf.states[i].own)
	return f.F32[p.scan.states[i].buffer][p.rowStart(lo, n):][:n]
}

// lookAhead lists the memory that the step at element t of the sequences will touch, as
// far as it is not that of this one.
func (p *scanPart) lookAhead(sf *scanFrame, f *run.Frame, lo, t int) {
	for i, x := range p.scan.steps {
		sf.ahead = append(sf.ahead, p.element(f, x.buffer, t, lo, len(sf.steps[i].own)))
	}
	for i := range p.results {
		if x := &p.results[i]; len(x.sequences) > 0 {
			sf.ahead = append(sf.ahead, p.element(f, x.sequences[0], t, lo, x.size))
		}
	}
}

// feed lets the step read an input.
func (p *scanPart) feed(sf *scanFrame, in feed, data []float32) {
	if p.boxed {
		copy(in.own, data)
		return
	}
	sf.frame.Bind(in.buffers, data)
}

// bindResult chooses where a result of the k-th step goes: where it is wanted.
func (p *scanPart) bindResult(sf *scanFrame, f *run.Frame, i, lo, k, t, next int) {
	x := &p.results[i]
	last := k == p.op.Length-1
	var to []float32
	switch {
	case len(x.sequences) > 0:
		to = p.element(f, x.sequences[0], t, lo, x.size)
	case len(x.before) > 0 && !last:
		to = p.element(f, x.before[0], next, lo, x.size)
	case len(x.final) > 0 && last:
		to = f.F32[x.final[0]][p.rowStart(lo, x.size):][:x.size]
	default:
		to = sf.spare[i][k%2]
	}
	sf.now[i] = to
	if x.same != nil {
		sf.frame.Bind(x.same, to)
	}
}

// copyResult puts a result where else it is wanted.
func (p *scanPart) copyResult(sf *scanFrame, f *run.Frame, i, lo, k, t, next int) {
	x := &p.results[i]
	from := sf.now[i]
	if x.same == nil {
		copy(from, sf.frame.F32[x.output])
	}
	move := func(to []float32) {
		if &to[0] != &from[0] {
			copy(to, from)
		}
	}
	for _, b := range x.sequences {
		move(p.element(f, b, t, lo, x.size))
	}
	if k < p.op.Length-1 {
		for _, b := range x.before {
			move(p.element(f, b, next, lo, x.size))
		}
		return
	}
	for _, b := range x.final {
		move(f.F32[b][p.rowStart(lo, x.size):][:x.size])
	}
}

// element returns the part of step t of a sequence that belongs to the samples from
// lo on, n elements.
func (p *scanPart) element(f *run.Frame, buffer, t, lo, n int) []float32 {
	all := n
	if p.rows > 0 {
		all = n / p.rows * p.total
	}
	return f.F32[buffer][t*all+p.rowStart(lo, n):][:n]
}

// rowStart is where row lo begins in an array of which size elements belong to
// this part.
func (p *scanPart) rowStart(lo, size int) int {
	if p.rows == 0 {
		return 0
	}
	return lo * (size / p.rows)
}
