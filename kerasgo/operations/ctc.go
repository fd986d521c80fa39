package operations

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

func init() {
	register[CTCLoss]("nn")
	register[CTCDecode]("nn")
}

// CTCLoss computes the loss (N) of connectionist temporal classification of scores before
// softmax (N, T, C) against labels (N, L); [ops.CTCLossOp] says more. The labels' and the
// scores' lengths (N) say how many of them count.
type CTCLoss struct {
	Name      string `keras:"name"`
	MaskIndex int    `keras:"mask_index,default=0"` // the class that stands for no label
}

// Arguments are the labels, the scores and their lengths.
func (CTCLoss) Arguments() []string {
	return []string{"target", "output", "target_length", "output_length"}
}

func (o CTCLoss) Call(c *Call) []Value {
	scores := c.X(1)
	dtype := realType(scores.DType)
	loss := ops.CTCLoss(scores.to(dtype).Value, c.int32At(0), c.int32At(2), c.int32At(3), o.MaskIndex)
	return one(loss, dtype)
}

// CTCDecode reads labels out of scores (N, T, C), of which the first sequence_lengths (N)
// steps count: the labels, int32 (TopPaths, N, T), -1 after the last, and a score of each
// text (N, TopPaths); [ops.CTCDecodeOp] says more.
type CTCDecode struct {
	Name          string `keras:"name"`
	Strategy      string `keras:"strategy,default=greedy,enum=greedy|beam_search"` // take the best class of each step, or search the most probable texts
	BeamWidth     *int   `keras:"beam_width,default=100,min=1"`                    // candidates of the search
	TopPaths      *int   `keras:"top_paths,default=1,min=1"`                       // texts that the search returns
	MergeRepeated *bool  `keras:"merge_repeated,default=true"`                     // of greedy: equal neighbours are one label
	MaskIndex     int    `keras:"mask_index,default=0"`                            // the class that stands for no label
}

// Arguments are the scores and their lengths.
func (CTCDecode) Arguments() []string { return []string{"inputs", "sequence_lengths"} }

func (o CTCDecode) Call(c *Call) []Value {
	scores := c.X(0)
	dtype := realType(scores.DType)
	op := ops.CTCDecodeOp{Merge: *o.MergeRepeated, Beam: *o.BeamWidth, Paths: *o.TopPaths, Blank: o.MaskIndex}
	if o.Strategy == "greedy" {
		op.Greedy, op.Beam, op.Paths = true, 0, 1
	}
	labels, numbers := ops.CTCDecode(scores.to(dtype).Value, c.int32At(1), op)
	return []Value{make1(labels, "int32"), make1(numbers, dtype)}
}

func (c *Call) int32At(i int) graph.Value { return ops.Cast(c.X(i).Value, tensor.Int32) }
