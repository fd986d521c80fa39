package ops

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
)

// scanBuilder is a scan under construction.
type scanBuilder struct {
	outer              *graph.Graph
	op                 ScanOp // Body is set at the end
	body               *ScanBody
	init, seqs, consts []value         // of outer, as body.States, Steps and Constants
	known              map[value]value // constants: outer → body
	given              map[value]value // values of the body that need not be computed → sequences of outer
	sums               []ScanSum
}

func newScanBuilder(outer *graph.Graph, op ScanOp) *scanBuilder {
	return &scanBuilder{outer: outer, op: op, body: &ScanBody{Graph: graph.New()}, known: map[value]value{}, given: map[value]value{}}
}

func (b *scanBuilder) state(init value) value {
	v := b.body.Graph.Input(fmt.Sprint("state", len(b.init)), init.Spec())
	b.init, b.body.States = append(b.init, init), append(b.body.States, v)
	return v
}

func (b *scanBuilder) step(sequence value) value {
	s := sequence.Spec()
	s.Shape = s.Shape[1:].Clone()
	v := b.body.Graph.Input(fmt.Sprint("step", len(b.seqs)), s)
	b.seqs, b.body.Steps = append(b.seqs, sequence), append(b.body.Steps, v)
	return v
}

// constant returns the step's value for one of the outer graph.
func (b *scanBuilder) constant(outer value) value {
	if v, ok := b.known[outer]; ok {
		return v
	}
	var v value
	if c, ok := outer.Node.Op.(graph.Constant); ok {
		v = b.body.Graph.Constant(c.T)
	} else {
		v = b.body.Graph.Input(fmt.Sprint("const", len(b.consts)), outer.Spec())
		b.consts, b.body.Constants = append(b.consts, outer), append(b.body.Constants, v)
	}
	b.known[outer] = v
	return v
}
