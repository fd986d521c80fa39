package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/run"
)

// block is the memory that one or more buffers share, and when it is in use.
type block struct {
	storage     int
	size        int // bytes, a multiple of the alignment
	first, last int // phases
	offset      int
}

// placeArena gives every arena buffer its offset. Blocks whose lifetimes overlap
// get disjoint memory; the largest are placed first, each at the lowest offset
// that is free for all of its life.
func (c *compiler) placeArena() {
	const align = 64
	blocks := map[int]*block{}
	touch := func(buffer, phase int) {
		s := c.storage[buffer]
		if c.prog.Buffers[s].Place != run.Arena {
			return
		}
		b := blocks[s]
		if b == nil {
			spec := c.prog.Buffers[s].Spec
			size := spec.Shape.Size() * spec.DType.Size()
			b = &block{storage: s, size: (size + align - 1) / align * align, first: phase, last: phase}
			blocks[s] = b
		}
		b.first, b.last = min(b.first, phase), max(b.last, phase)
	}
	for phase, tasks := range c.phases {
		for _, t := range tasks {
			for _, it := range t.items {
				for _, b := range it.reads {
					touch(b, phase)
				}
				for _, b := range it.writes {
					touch(b, phase)
				}
			}
		}
	}
	for _, b := range blocks { // what was prepared is read by later runs too
		if b.first < c.prog.Prepared && b.last >= c.prog.Prepared {
			b.last = len(c.prog.Phases)
		}
	}
	for _, b := range c.prog.Outputs { // read after the last phase
		touch(b, len(c.prog.Phases))
	}
	order := make([]*block, 0, len(blocks))
	for _, b := range blocks {
		order = append(order, b)
	}
	slices.SortFunc(order, func(a, b *block) int {
		if a.size != b.size {
			return b.size - a.size
		}
		return a.storage - b.storage
	})
	var placed []*block // by offset
	for _, b := range order {
		b.offset = 0
		for _, p := range placed {
			if p.last < b.first || b.last < p.first {
				continue
			}
			if b.offset+b.size <= p.offset {
				break
			}
			b.offset = max(b.offset, p.offset+p.size)
		}
		i, _ := slices.BinarySearchFunc(placed, b.offset, func(p *block, off int) int { return p.offset - off })
		placed = slices.Insert(placed, i, b)
		c.prog.ArenaSize = max(c.prog.ArenaSize, b.offset+b.size)
	}
	for i := range c.prog.Buffers {
		if b := blocks[c.storage[i]]; b != nil {
			c.prog.Buffers[i].Offset = b.offset
		} else if c.prog.Buffers[i].Place == run.Arena {
			c.prog.Buffers[i].Place = run.Nowhere
		}
	}
}
