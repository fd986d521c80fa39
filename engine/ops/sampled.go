package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// Sampled is an op that makes each sample of its outputs, an entry of axis 0, from
// the same samples of its inputs alone. Its loops are written for a range of
// samples, so that compiled programs share them out among the workers.
type Sampled interface {
	graph.Op
	// EvalSamples computes samples lo to hi-1 of the outputs.
	EvalSamples(out, in []array, lo, hi int)
}

// evalAll is the Eval of a Sampled op.
func evalAll(o Sampled, out, in []array) { o.EvalSamples(out, in, 0, out[0].Shape()[0]) }
