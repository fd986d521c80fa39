package plan

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/run"
)

// fixedValue reports whether a value is the same in every run until somebody changes
// a variable: it follows from constants and variables that this Program does not assign.
func (c *compiler) fixedValue(v graph.Value) bool {
	if c.fixed.known == nil {
		c.fixed = fixedValues{c.assigns, map[*graph.Node]bool{}}
	}
	return c.fixed.has(v)
}

// prepared moves the items to the front whose results stay the same until a variable
// changes, such as weights in another layout, and returns how many they are: they
// read nothing but fixed values and each other's results, and write memory that
// nobody else writes.
func (c *compiler) prepared() int {
	const fixed, loose = 1, 2
	state := make([]uint8, len(c.storage))
	for b := range c.prog.Buffers {
		switch p := &c.prog.Buffers[b]; {
		case c.storage[b] != b:
		case p.Place == run.Constant:
			state[b] = fixed
		case p.Place != run.Arena:
			state[b] = loose
		}
	}
	for v, b := range c.buffers {
		if _, ok := v.Node.Op.(graph.Variable); ok && c.fixedValue(v) {
			state[c.storage[b]] = fixed
		}
	}
	writers := make([]int, len(c.storage))
	for _, it := range c.items {
		for _, b := range it.writes {
			writers[c.storage[b]]++
		}
	}
	var first, rest []item
	for _, it := range c.items {
		ok := len(it.reads) > 0
		for _, b := range it.reads {
			ok = ok && state[c.storage[b]] == fixed
		}
		for _, b := range it.writes {
			s := c.storage[b]
			ok = ok && c.prog.Buffers[s].Place == run.Arena && writers[s] == 1
		}
		for _, b := range it.writes {
			state[c.storage[b]] = loose
			if ok {
				state[c.storage[b]] = fixed
			}
		}
		if ok {
			first = append(first, it)
		} else {
			rest = append(rest, it)
		}
	}
	c.items = append(first, rest...)
	return len(first)
}
