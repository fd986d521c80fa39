package ops

import (
	"math"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// CTCLossOp computes the loss of connectionist temporal classification (Graves et
// al., 2006): -log of the probability that the scores, step by step, spell the
// target, where a label may last several steps and Blank may stand between labels.
//
// Inputs: the scores before softmax (N, T, C), the targets (N, L), and the lengths (N)
// of both, all int32 but the first: targets, their lengths, the scores' lengths.
// Outputs: the loss (N), and its derivative with respect to the scores (N, T, C),
// which the gradient is made of. Where the target cannot be spelled in the steps that
// there are the loss is +Inf and the derivative 0.
type CTCLossOp struct{ Blank int }

// Infer wants scores of three axes and int32 for all else.
func (o CTCLossOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("CTCLoss", in, 4); err != nil {
		return nil, err
	}
	if err := wantFloat("CTCLoss", in[0]); err != nil {
		return nil, err
	}
	s, y := in[0].Shape, in[1].Shape
	if len(s) != 3 || len(y) != 2 || y[0] != s[0] {
		return nil, misfit("CTCLoss", "wants scores (batch, steps, classes) and targets (batch, labels), got %v and %v", s, y)
	}
	for _, v := range in[2:] {
		if !v.Shape.Equal(shape{s[0]}) {
			return nil, misfit("CTCLoss", "wants a length for each of the %d samples, got %v", s[0], v.Shape)
		}
	}
	for _, v := range in[1:] {
		if v.DType != tensor.Int32 {
			return nil, misfit("CTCLoss", "targets and lengths must be int32, got %v; use Cast", v)
		}
	}
	if o.Blank < 0 || o.Blank >= s[2] {
		return nil, misfit("CTCLoss", "the blank %d is none of the %d classes", o.Blank, s[2])
	}
	return []spec{{DType: in[0].DType, Shape: shape{s[0]}}, in[0]}, nil
}

// Gradient scales the derivative that Eval has computed.
func (o CTCLossOp) Gradient(in, out, dout []value) []value {
	if dout[1].OK() {
		return noSecond("CTCLoss", in)
	}
	return []value{Mul(Reshape(dout[0], dout[0].Shape()[0], 1, 1), out[1]), {}, {}, {}}
}

// Eval goes forward and backward over the steps of each sample. It panics with
// *tensor.ShapeError on labels that are no class and on lengths beyond the arrays.
func (o CTCLossOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float64 {
		ctcLoss[float64](o, out, in)
	} else {
		ctcLoss[float32](o, out, in)
	}
}

func ctcLoss[T float](o CTCLossOp, out, in []array) {
	z, loss, grad := tensor.Data[T](in[0]), tensor.Data[T](out[0]), tensor.Data[T](out[1])
	labels, labelLengths, lengths := in[1].Int32s(), in[2].Int32s(), in[3].Int32s()
	s := in[0].Shape()
	steps, classes, width := s[1], s[2], in[1].Shape()[1]
	for n := range s[0] {
		count := rowOf("CTCLoss", lengths[n], steps+1)
		target := make([]int, rowOf("CTCLoss", labelLengths[n], width+1))
		for i := range target {
			target[i] = rowOf("CTCLoss", labels[n*width+i], classes)
		}
		from := n * steps * classes
		logp := logSoftmaxRows(z[from:from+count*classes], classes)
		d := make([]float64, len(logp))
		loss[n] = T(ctcSample(logp, classes, target, o.Blank, d))
		clear(grad[from : from+steps*classes])
		store(grad[from:from+count*classes], d)
	}
}

// logSoftmaxRows returns the logarithms of the classes' probabilities, row by row.
func logSoftmaxRows[T float](z []T, classes int) []float64 {
	out := make([]float64, len(z))
	for i := 0; i+classes <= len(z); i += classes {
		sum := math.Inf(-1)
		for _, v := range z[i : i+classes] {
			sum = logAdd(sum, float64(v))
		}
		for j, v := range z[i : i+classes] {
			out[i+j] = float64(v) - sum
		}
	}
	return out
}

// logAdd is log(eᵃ + eᵇ).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// ctcSample returns the loss of one sample and sets grad, its derivative with respect
// to the scores. logp: (steps, classes) are log probabilities.
//
// The states are the target's labels with blanks around each. forward[t][s] is the
// log probability of all ways into state s at step t, backward[t][s] that of all ways
// from there to the end, without step t itself.
func ctcSample(logp []float64, classes int, target []int, blank int, grad []float64) float64 {
	steps, states := len(logp)/classes, 2*len(target)+1
	none := math.Inf(-1)
	label := func(s int) int {
		if s%2 == 0 {
			return blank
		}
		return target[s/2]
	}
	// skips reports whether the blank before state s may be left out.
	skips := func(s int) bool { return s >= 2 && s%2 == 1 && label(s) != label(s-2) }
	if steps == 0 {
		if len(target) == 0 {
			return 0
		}
		return math.Inf(1)
	}
	forward, backward := make([]float64, steps*states), make([]float64, steps*states)
	for t := range steps {
		for s := range states {
			sum := none
			if t == 0 && s < 2 {
				sum = 0
			} else if t > 0 {
				before := forward[(t-1)*states:]
				sum = before[s]
				if s > 0 {
					sum = logAdd(sum, before[s-1])
				}
				if skips(s) {
					sum = logAdd(sum, before[s-2])
				}
			}
			forward[t*states+s] = sum + logp[t*classes+label(s)]
		}
	}
	total := forward[steps*states-1]
	if states > 1 {
		total = logAdd(total, forward[steps*states-2])
	}
	if math.IsInf(total, -1) {
		return math.Inf(1)
	}
	for t := steps - 1; t >= 0; t-- {
		for s := range states {
			sum := none
			if t == steps-1 && s >= states-2 {
				sum = 0
			} else if t < steps-1 {
				after := func(s int) float64 { return backward[(t+1)*states+s] + logp[(t+1)*classes+label(s)] }
				sum = after(s)
				if s+1 < states {
					sum = logAdd(sum, after(s+1))
				}
				if s+2 < states && skips(s+2) {
					sum = logAdd(sum, after(s+2))
				}
			}
			backward[t*states+s] = sum
		}
	}
	for t := range steps {
		for k := range classes {
			grad[t*classes+k] = math.Exp(logp[t*classes+k])
		}
		for s := range states {
			grad[t*classes+label(s)] -= math.Exp(forward[t*states+s] + backward[t*states+s] - total)
		}
	}
	return -total
}

// CTCLoss returns the loss (N) of scores (N, T, C) before softmax against targets
// (N, L), of which the first labelLengths (N) count, in the first lengths (N) steps;
// see CTCLossOp. All but the scores are int32.
func CTCLoss(scores, targets, labelLengths, lengths graph.Value, blank int) graph.Value {
	if broken(scores) {
		return scores
	}
	return scores.Graph().Apply(CTCLossOp{blank}, scores, targets, labelLengths, lengths)[0]
}

var _ graph.Op = CTCLossOp{}
