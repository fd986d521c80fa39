package plan

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/run"
)

// drawItems makes a compiler with random kernel calls on random buffers, some of
// which share memory.
func drawItems(t *rapid.T) *compiler {
	c := newCompiler(live{})
	for range rapid.IntRange(1, 20).Draw(t, "buffers") {
		b := run.Buffer{Spec: graph.Spec{Shape: graph.Shape{rapid.SampledFrom([]int{0, 1, 15, 16, 17, 1000, 40_000}).Draw(t, "size")}}}
		switch rapid.IntRange(0, 4).Draw(t, "place") {
		case 0:
			b.Place = run.Variable
		case 1:
			if n := len(c.storage); n > 0 {
				c.view(rapid.IntRange(0, n-1).Draw(t, "of"), b.Spec.Shape)
				continue
			}
		}
		c.newBuffer(b)
	}
	buffers := rapid.SliceOfN(rapid.IntRange(0, len(c.storage)-1), 1, 3)
	for range rapid.IntRange(1, 40).Draw(t, "items") {
		s := run.Step{Chunks: rapid.SampledFrom([]int{1, 1, 1, 4}).Draw(t, "chunks"), FLOPs: int64(rapid.SampledFrom([]int{0, 1000, 1e6}).Draw(t, "flops"))}
		c.emit(s, buffers.Draw(t, "writes"), buffers.Draw(t, "reads"))
	}
	c.prog.Outputs = rapid.SliceOfN(rapid.IntRange(0, len(c.storage)-1), 0, 3).Draw(t, "outputs")
	for i := range c.items { // so that each is known again
		c.items[i].step.Name = string(rune('A' + i))
	}
	return c
}

// TestScheduleAndArena: any two kernel calls of which one writes what the other
// touches run in their order, never side by side; and memory of arena buffers that
// are in use at the same time never overlaps.
func TestScheduleAndArena(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawItems(t)
		c.schedule()
		c.placeArena()
		type place struct{ phase, task, at int }
		where := map[string]place{}
		for p, tasks := range c.phases {
			if len(tasks) == 0 {
				t.Fatalf("phase %d is empty", p)
			}
			for k, task := range tasks {
				for i, it := range task.items {
					where[it.step.Name] = place{p, k, i}
					if len(task.items) > 1 && it.step.Chunks != 1 {
						t.Fatal("a call in many chunks is in a chain")
					}
				}
			}
		}
		if len(where) != len(c.items) {
			t.Fatalf("%d calls of %d are scheduled", len(where), len(c.items))
		}
		touches := func(it item, s int) (read, write bool) {
			for _, b := range it.reads {
				read = read || c.storage[b] == s
			}
			for _, b := range it.writes {
				write = write || c.storage[b] == s
			}
			return read, write
		}
		for i, a := range c.items {
			for _, b := range c.items[i+1:] {
				for s := range c.storage {
					ar, aw := touches(a, s)
					br, bw := touches(b, s)
					if !(aw && (br || bw) || ar && bw) {
						continue
					}
					p, q := where[a.step.Name], where[b.step.Name]
					if p.phase > q.phase || p.phase == q.phase && (p.task != q.task || p.at >= q.at) {
						t.Fatalf("%s at %v must come before %s at %v", a.step.Name, p, b.step.Name, q)
					}
				}
			}
		}
		for phase := range len(c.phases) + 1 {
			var live []int
			for s, b := range c.prog.Buffers {
				if c.storage[s] != s || b.Place != run.Arena || !c.alive(s, phase) {
					continue
				}
				size := b.Spec.Shape.Size() * 4
				if b.Offset%64 != 0 || b.Offset+size > c.prog.ArenaSize {
					t.Fatalf("buffer %d at %d is outside or not aligned", s, b.Offset)
				}
				for _, o := range live {
					p := c.prog.Buffers[o]
					if b.Offset < p.Offset+p.Spec.Shape.Size()*4 && p.Offset < b.Offset+size {
						t.Fatalf("phase %d: buffers %d and %d overlap", phase, s, o)
					}
				}
				live = append(live, s)
			}
		}
		for i, b := range c.prog.Buffers { // views lie where their storage lies
			if b.Place == run.Arena && b.Offset != c.prog.Buffers[c.storage[i]].Offset {
				t.Fatalf("view %d has moved", i)
			}
		}
	})
}

// alive reports whether storage s is touched in the phase or both before and
// after it; outputs are read after the last phase.
func (c *compiler) alive(s, phase int) bool {
	before, after := false, false
	touch := func(b, p int) {
		if c.storage[b] == s {
			before = before || p <= phase
			after = after || p >= phase
		}
	}
	for p, tasks := range c.phases {
		for _, t := range tasks {
			for _, it := range t.items {
				for _, b := range append(append([]int{}, it.reads...), it.writes...) {
					touch(b, p)
				}
			}
		}
	}
	for _, b := range c.prog.Outputs {
		touch(b, len(c.phases))
	}
	return before && after
}
