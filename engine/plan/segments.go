package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/run"
)

// Steps that work sample by sample are chained: what a chunk of one has written, the same chunk of the next one reads from the cache of the same core, without a
// barrier in between. Such a chain is a segment: normalization, convolution and sums of the result, say, or a network without batch statistics as a whole.

// minSegment is the number of elements from which on a step's result is worth a segment: smaller ones wait in the last-level cache as well, and then it is better to
// do at once all that needs them.
const minSegment = 2 << 20

// maxAhead is how many items a segment looks ahead for its next one.
const maxAhead = 64

// segments chains the items from the first one on.
func (c *compiler) segments(first int) {
	for i := first; i < len(c.items); i++ {
		for c.extend(i) {
		}
	}
}

// extend chains item i with a later one that reads it sample by sample, if there is one. Items in between that depend on item i are moved behind it; if the other
// one depends on them, there is no chain.
func (c *compiler) extend(i int) bool {
	it := c.items[i]
	if it.step.Samples == 0 || it.step.Chunks < 2 || !c.large(it) {
		return false
	}
	var before, behind []item
	for j := i + 1; j < min(len(c.items), i+maxAhead); j++ {
		next := c.items[j]
		waits := slices.ContainsFunc(behind, func(b item) bool { return c.conflict(b, next) })
		switch {
		case !c.conflict(it, next) && !waits:
			before = append(before, next)
		case !waits && next.step.Samples == it.step.Samples && next.step.Chunks == it.step.Chunks && c.bySample(it, next):
			list := append(before, c.chain(it, next))
			copy(c.items[i:], append(list, behind...))
			c.items = slices.Delete(c.items, j, j+1)
			return true
		default:
			behind = append(behind, next)
		}
	}
	return false
}

// large reports whether an item writes much, sample by sample.
func (c *compiler) large(it item) bool {
	return slices.ContainsFunc(it.writes, func(b int) bool {
		return slices.Contains(it.sampled, b) && c.prog.Buffers[b].Spec.Shape.Size() >= minSegment
	})
}

// conflict reports whether the order of two items matters: one writes what the other one touches.
func (c *compiler) conflict(a, b item) bool {
	return c.meet(a.writes, b.reads) || c.meet(a.writes, b.writes) || c.meet(a.reads, b.writes)
}

// meet reports whether some of the buffers share memory.
func (c *compiler) meet(a, b []int) bool {
	for _, x := range a {
		for _, y := range b {
			if c.storage[x] == c.storage[y] {
				return true
			}
		}
	}
	return false
}

// bySample reports whether, of what either of two items writes, the other one touches nothing but the same samples in the same chunk.
func (c *compiler) bySample(a, b item) bool {
	same := func(writes, touches []int) bool {
		for _, x := range writes {
			for _, y := range touches {
				if c.storage[x] == c.storage[y] && (x != y || !slices.Contains(a.sampled, x) || !slices.Contains(b.sampled, x)) {
					return false
				}
			}
		}
		return true
	}
	return same(a.writes, b.reads) && same(a.writes, b.writes) && same(b.writes, a.reads)
}

// chain makes two items one.
func (c *compiler) chain(a, b item) item {
	s := run.Step{
		Name: "Segment", Scope: a.step.Scope, Chunks: a.step.Chunks, Samples: a.step.Samples, Scratch: max(a.step.Scratch, b.step.Scratch),
		FLOPs: a.step.FLOPs + b.step.FLOPs, Bytes: a.step.Bytes + b.step.Bytes,
	}
	for _, part := range []run.Step{a.step, b.step} {
		if part.Run != nil {
			s.Parts = append(s.Parts, part)
		} else {
			s.Parts = append(s.Parts, part.Parts...)
		}
	}
	both := item{step: s, reads: union(a.reads, b.reads), writes: union(a.writes, b.writes)}
	for _, x := range union(a.sampled, b.sampled) {
		if !otherwise(a, x) && !otherwise(b, x) {
			both.sampled = append(both.sampled, x)
		}
	}
	return both
}

// otherwise reports whether an item touches a buffer, but not sample by sample.
func otherwise(it item, buffer int) bool {
	return (slices.Contains(it.reads, buffer) || slices.Contains(it.writes, buffer)) && !slices.Contains(it.sampled, buffer)
}

func union(a, b []int) []int {
	all := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}

// emitSampled adds a kernel call whose chunks are samples, step.Samples each, of the given buffers among those that it writes and reads.
func (c *compiler) emitSampled(s run.Step, writes, reads, sampled []int) {
	c.emit(s, writes, reads)
	c.items[len(c.items)-1].sampled = sampled
}

// minImage is the rank from which on the first axis of an elementwise loop is taken for that of the samples, minBatch their least number.
const (
	minImage = 4
	minBatch = 8
)

// imageChunks splits a loop over images by samples, as convolutions are; ok is false for other loops.
func imageChunks(shape graph.Shape) (samples, chunks int, ok bool) {
	if len(shape) < minImage || shape[0] < minBatch {
		return 0, 0, false
	}
	samples, chunks = perChunk(shape[0], 32)
	return samples, chunks, true
}
