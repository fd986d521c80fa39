package plan

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// TestBroadcastFill reads operands from every position in runs of several lengths.
func TestBroadcastFill(t *testing.T) {
	for _, c := range []struct{ from, to graph.Shape }{
		{graph.Shape{1}, graph.Shape{4, 3}}, {graph.Shape{3}, graph.Shape{4, 3}}, {graph.Shape{4, 1}, graph.Shape{4, 3}},
		{graph.Shape{2, 1, 5}, graph.Shape{2, 7, 5}}, {graph.Shape{2, 1, 1, 5}, graph.Shape{2, 3, 4, 5}}, {graph.Shape{2, 3, 1, 5}, graph.Shape{2, 3, 4, 5}},
		{graph.Shape{2, 1, 1, 3, 1}, graph.Shape{2, 2, 3, 3, 4}}, {graph.Shape{3, 1, 40}, graph.Shape{2, 3, 2, 40}}, {graph.Shape{3, 1, 1}, graph.Shape{2, 3, 5, 20}},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			src := make([]float32, c.from.Size())
			for i := range src {
				src[i] = float32(i + 1)
			}
			b, size := broadcastOf(c.from, c.to), c.to.Size()
			want := make([]float32, size)
			for i := range want {
				want[i] = src[b.at(i)]
			}
			for o := range size {
				for _, n := range []int{1, 2, 3, 6, 16, 41, size} {
					dst := make([]float32, min(n, size-o))
					b.fill(dst, src, o)
					if d := cmp.Diff(want[o:][:len(dst)], dst); d != "" {
						t.Fatalf("%d from %d on:\n%s", n, o, d)
					}
				}
			}
		})
	}
}
