package mnist

import (
	"math/rand/v2"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// DataSet is a part of the data and a position in it for NextBatch. It isn't safe for concurrent use.
type DataSet struct {
	Images *tensor.Tensor // (n, 784)
	Labels *tensor.Tensor // (n) or (n, 10)

	random *rand.Rand
	order  []int // of the current epoch; nil before the first
	next   int   // position in order
	epochs int
}

func newDataSet(images, labels *tensor.Tensor, seed uint64) *DataSet {
	return &DataSet{Images: images, Labels: labels, random: rand.New(rand.NewPCG(seed, 0))}
}

// NumExamples is the number of images.
func (d *DataSet) NumExamples() int { return d.Images.Len() }

// EpochsCompleted is how often NextBatch has gone through all examples.
func (d *DataSet) EpochsCompleted() int { return d.epochs }

// NextBatch returns copies of the next n images and labels. Every epoch has a new random order; a batch at the end of
// one takes its last examples and then the first of the next. (The original also reorders Images and Labels; here
// they stay.) It panics with a *tensor.ShapeError when n is negative, or positive while there are no examples.
func (d *DataSet) NextBatch(n int) (images, labels *tensor.Tensor) {
	if n < 0 || n > 0 && d.NumExamples() == 0 {
		panic(&tensor.ShapeError{Op: "NextBatch", Msg: "no such batch can be made"})
	}
	rows := make([]int, 0, n)
	for len(rows) < n {
		// As in the original, an epoch counts as completed when the first example after it is asked for.
		if d.order == nil || d.next == len(d.order) {
			if d.order != nil {
				d.epochs++
			}
			d.order = d.random.Perm(d.NumExamples())
			d.next = 0
		}
		take := min(n-len(rows), len(d.order)-d.next)
		rows = append(rows, d.order[d.next:d.next+take]...)
		d.next += take
	}
	return gather(d.Images, rows), gather(d.Labels, rows)
}

func gather(t *tensor.Tensor, rows []int) *tensor.Tensor {
	shape := t.Shape().Clone()
	shape[0] = len(rows)
	out := tensor.New(t.DType(), shape...)
	tensor.Gather(out, t, rows)
	return out
}
