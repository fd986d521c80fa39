package oracle_test

import (
	"encoding/json"
	"testing"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
)

type lossCase struct {
	Loss         json.RawMessage
	YTrue        *recording `json:"y_true"`
	YPred        *recording `json:"y_pred"`
	Weight, Mask *recording
	After        string // activation between y_pred and the loss
	Total, Grad  *recording
}

// TestLosses holds totals and gradients against Keras's.
func TestLosses(t *testing.T) {
	all := newTally()
	for i, c := range append(loadCases[lossCase](t, "losses"), loadCases[lossCase](t, "ctc")...) {
		l := decodeObject(t, "loss", c.Loss).(losses.Loss)
		all.count[className(l)]++
		for engine, prepare := range engines {
			t.Run(caseName(i, l)+"/"+engine, func(t *testing.T) {
				g, in := graph.New(), graph.Feeds{Inputs: map[string]*tensor.Tensor{}}
				x := c.YPred.value(g, in, "y_pred")
				p := x
				switch c.After {
				case "softmax":
					p = ops.Softmax(x, -1)
				case "sigmoid":
					p = ops.Sigmoid(x)
				}
				total := losses.Compute(l, c.YTrue.value(g, in, "y_true"), p, c.Weight.value(g, in, "weight"), c.Mask.value(g, in, "mask"))
				out, err := prepare(g, []graph.Value{total, graph.Gradients(total, []graph.Value{x})[0]}, in)()
				if err != nil {
					t.Fatalf("%s: %v", c.Loss, err)
				}
				all.compare(t, "total "+engine, out[0], c.Total, 2e-6)
				all.compare(t, "gradient "+engine, out[1], c.Grad, 5e-6)
				if t.Failed() {
					t.Logf("%s after %q", c.Loss, c.After)
				}
			})
		}
	}
	all.everyClass(t, "loss")
	all.report(t)
}
