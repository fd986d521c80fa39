package operations

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Where]("numpy")
	register[Select]("numpy")
}

// Where takes x1 where a condition holds, and x2 elsewhere, broadcast.
type Where struct {
	ofWhere
	Name string `keras:"name"`
}

func (Where) Call(c *Call) []Value { return where(c) }

// Select takes, element by element, from the choice whose condition is the first that holds, and the default where none does.
type Select struct {
	ofSelect
	Name string `keras:"name"`
}

func (Select) Call(c *Call) []Value { return selected(c) }

type ofWhere struct{}
type ofSelect struct{}

func (ofWhere) Arguments() []string  { return []string{"condition", "x1", "x2"} }
func (ofSelect) Arguments() []string { return []string{"condlist", "choicelist", "default"} }

func where(c *Call) []Value {
	if !c.Has(1) || !c.Has(2) {
		return c.failed("x1 and x2 are wanted; places of true elements have no fixed number")
	}
	p, dtype := c.promoted(c.X(1), c.X(2))
	return one(ops.Where(c.X(0).to("bool").Value, p[0].Value, p[1].Value), dtype)
}

func selected(c *Call) []Value {
	conds, choices := c.Xs(0), c.Xs(1)
	if len(conds) != len(choices) {
		return c.failed("%d conditions for %d choices", len(conds), len(choices))
	}
	otherwise := c.scalar(0)
	if c.Has(2) {
		otherwise = c.X(2)
	}
	all, dtype := c.promoted(append(slices.Clone(choices), otherwise)...)
	y := all[len(choices)].Value
	for i, cond := range slices.Backward(conds) {
		y = ops.Where(cond.to("bool").Value, all[i].Value, y)
	}
	return one(y, dtype)
}
