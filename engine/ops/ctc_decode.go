package ops

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// CTCDecodeOp reads the labels out of scores that were trained with CTCLoss.
//
// Inputs: scores before softmax (N, T, C) and their lengths (N), int32. Outputs: the
// labels (Paths, N, T), int32, -1 after the last, and a number for each path (N, Paths).
// Greedy takes the best class of each step; equal neighbours are one when Merge is set,
// and the number is minus the sum of the scores taken. Otherwise the Paths most
// probable texts are searched with Beam candidates, and the number is the logarithm of
// the probability.
type CTCDecodeOp struct {
	Greedy, Merge      bool
	Beam, Paths, Blank int
}

// Infer wants scores of three axes.
func (o CTCDecodeOp) Infer(in []spec) ([]spec, error) {
	if err := wantInputs("CTCDecode", in, 2); err != nil {
		return nil, err
	}
	if err := wantFloat("CTCDecode", in[0]); err != nil {
		return nil, err
	}
	s := in[0].Shape
	switch {
	case len(s) != 3:
		return nil, misfit("CTCDecode", "wants scores (batch, steps, classes), got %v", s)
	case in[1].DType != tensor.Int32 || !in[1].Shape.Equal(shape{s[0]}):
		return nil, misfit("CTCDecode", "wants an int32 length for each of the %d samples, got %v", s[0], in[1])
	case o.Blank < 0 || o.Blank >= s[2]:
		return nil, misfit("CTCDecode", "the blank %d is none of the %d classes", o.Blank, s[2])
	case o.Greedy && o.Paths != 1:
		return nil, misfit("CTCDecode", "greedy finds 1 path, not %d", o.Paths)
	case !o.Greedy && (o.Paths < 1 || o.Beam < o.Paths):
		return nil, misfit("CTCDecode", "%d paths want at least as many candidates, got %d", o.Paths, o.Beam)
	}
	return []spec{{DType: tensor.Int32, Shape: shape{o.Paths, s[0], s[1]}}, {DType: in[0].DType, Shape: shape{s[0], o.Paths}}}, nil
}

// Gradient says that labels have no derivative.
func (o CTCDecodeOp) Gradient(in, out, dout []value) []value { return make([]value, len(in)) }

// Eval decodes sample by sample. It panics with *tensor.ShapeError on lengths beyond
// the steps.
func (o CTCDecodeOp) Eval(out, in []array) {
	if in[0].DType() == tensor.Float64 {
		ctcDecode[float64](o, out, in)
	} else {
		ctcDecode[float32](o, out, in)
	}
}

func ctcDecode[T float](o CTCDecodeOp, out, in []array) {
	z, lengths := tensor.Data[T](in[0]), in[1].Int32s()
	labels, numbers := out[0].Int32s(), tensor.Data[T](out[1])
	s := in[0].Shape()
	for i := range labels {
		labels[i] = -1
	}
	for n := range s[0] {
		rows := z[n*s[1]*s[2]:][:rowOf("CTCDecode", lengths[n], s[1]+1)*s[2]]
		var found []ctcText
		if o.Greedy {
			found = []ctcText{ctcGreedy(rows, s[2], o)}
		} else {
			found = ctcBeam(logSoftmaxRows(rows, s[2]), s[2], o)
		}
		for p := range o.Paths {
			numbers[n*o.Paths+p] = T(math.Inf(-1)) // fewer texts than paths
			if p < len(found) {
				numbers[n*o.Paths+p] = T(found[p].total())
				copy(labels[(p*s[0]+n)*s[1]:][:s[1]], found[p].labels)
			}
		}
	}
}

// ctcText is a text with the log probabilities of all ways to it that end in a blank,
// and in its last label.
type ctcText struct {
	labels       []int32
	blank, label float64
}

func (x ctcText) total() float64 { return logAdd(x.blank, x.label) }

func ctcGreedy[T float](rows []T, classes int, o CTCDecodeOp) ctcText {
	found := ctcText{label: math.Inf(-1)}
	last := -1
	for i := 0; i+classes <= len(rows); i += classes {
		best := 0
		for k, v := range rows[i : i+classes] {
			if v > rows[i+best] {
				best = k
			}
		}
		found.blank -= float64(rows[i+best])
		if best != o.Blank && (best != last || !o.Merge) {
			found.labels = append(found.labels, int32(best))
		}
		last = best
	}
	return found
}

// ctcBeam keeps the most probable texts after each step.
func ctcBeam(logp []float64, classes int, o CTCDecodeOp) []ctcText {
	none := math.Inf(-1)
	beam := []ctcText{{label: none}}
	key := func(labels []int32) string {
		var b strings.Builder
		for _, l := range labels {
			b.WriteRune(rune(l))
		}
		return b.String()
	}
	for i := 0; i+classes <= len(logp); i += classes {
		row := logp[i : i+classes]
		var next []ctcText
		place := map[string]int{}
		at := func(labels []int32) *ctcText {
			k := key(labels)
			if _, ok := place[k]; !ok {
				place[k] = len(next)
				next = append(next, ctcText{slices.Clone(labels), none, none})
			}
			return &next[place[k]]
		}
		for _, x := range beam {
			same := at(x.labels)
			same.blank = logAdd(same.blank, x.total()+row[o.Blank])
			last := int32(-1)
			if n := len(x.labels); n > 0 {
				last = x.labels[n-1]
				same.label = logAdd(same.label, x.label+row[last])
			}
			for k, v := range row {
				if k == o.Blank {
					continue
				}
				before := x.total()
				if int32(k) == last {
					before = x.blank
				}
				longer := at(append(slices.Clone(x.labels), int32(k)))
				longer.label = logAdd(longer.label, before+v)
			}
		}
		slices.SortStableFunc(next, func(a, b ctcText) int { return cmp.Compare(b.total(), a.total()) })
		beam = next[:min(len(next), o.Beam)]
	}
	return beam
}

// CTCDecode reads the labels out of scores (N, T, C), of which the first lengths (N)
// steps count; see CTCDecodeOp.
func CTCDecode(scores, lengths graph.Value, o CTCDecodeOp) (labels, numbers graph.Value) {
	if broken(scores) {
		return scores, scores
	}
	out := scores.Graph().Apply(o, scores, lengths)
	return out[0], out[1]
}

var _ graph.Op = CTCDecodeOp{}
