package ops

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWalk compares the offsets that a walk visits with those of plain nested
// counting, for lanes that can and cannot be joined.
func TestWalk(t *testing.T) {
	for _, c := range []struct {
		s     shape
		lanes []lane
	}{
		{shape{}, []lane{{base: 3}}},
		{shape{4}, []lane{dense(shape{4}), {base: 9, strides: []int{-3}}}},
		{shape{2, 3, 4}, []lane{dense(shape{2, 3, 4}), broadcast(shape{3, 1}, shape{2, 3, 4})}},
		{shape{2, 3, 4}, []lane{dense(shape{2, 3, 4}), broadcast(shape{}, shape{2, 3, 4})}},
		{shape{2, 1, 3, 1}, []lane{dense(shape{2, 1, 3, 1}), broadcast(shape{1, 1}, shape{2, 1, 3, 1})}},
		{shape{2, 3, 2, 2}, []lane{{strides: []int{1, 2, 6, 12}}, dense(shape{2, 3, 2, 2})}},
		{shape{2, 0, 3}, []lane{dense(shape{2, 0, 3})}},
	} {
		var got, want [][]int
		for w := newWalk(c.s, c.lanes...); w.more; w.next() {
			off := append([]int{}, w.off...)
			for range w.n {
				got = append(got, append([]int{}, off...))
				for k := range off {
					off[k] += w.step[k]
				}
			}
		}
		for i := range c.s.Size() {
			off := make([]int, len(c.lanes))
			for k, l := range c.lanes {
				off[k] = l.base
				rest := i
				for a := len(c.s) - 1; a >= 0; a-- {
					off[k] += rest % c.s[a] * l.strides[a]
					rest /= c.s[a]
				}
			}
			want = append(want, off)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%v: %s", c.s, d)
		}
	}
}
