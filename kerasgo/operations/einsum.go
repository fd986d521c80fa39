package operations

import (
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
)

func init() {
	register[Einsum]("numpy")
}

// Einsum adds products of tensors whose axes have letters, such as "bij,bjk->bik": letters that are missing in the result are summed over.
type Einsum struct {
	ofOperands
	Name       string `keras:"name"`
	Subscripts string `keras:"subscripts,required"` // letters of the axes of each operand, and of the result
}

func (o Einsum) Call(c *Call) []Value { return o.einsum(c) }

type ofOperands struct{}

func (ofOperands) Arguments() []string { return []string{"operands*"} }

// einsum joins the operands one after the other, and keeps between them the letters
// that the rest still needs.
func (o Einsum) einsum(c *Call) []Value {
	text := strings.ReplaceAll(o.Subscripts, " ", "")
	left, result, arrow := strings.Cut(text, "->")
	terms := strings.Split(left, ",")
	var xs []Value
	for i := range c.Len() {
		xs = append(xs, c.X(i))
	}
	if len(terms) != len(xs) || !c.ok() {
		return c.failed("%q is about %d tensors, got %d", o.Subscripts, len(terms), len(xs))
	}
	xs, dtype := c.promoted(xs...)
	if len(xs) == 1 && dtype == "int8" {
		dtype = "int32"
	}
	values := make([]graph.Value, len(xs))
	for i, x := range xs {
		v := x.to(dtype)
		if !isFloat(dtype) {
			v = v.to("float64")
		}
		values[i] = v.Value
	}
	terms, result, ok := spelledOut(c, terms, result, arrow, values)
	if !ok {
		return []Value{xs[0]}
	}
	have, v := terms[0], values[0]
	for i := 1; i < len(terms); i++ {
		keep := ""
		for _, r := range have + terms[i] {
			if later := result + strings.Join(terms[i+1:], ""); strings.ContainsRune(later, r) && !strings.ContainsRune(keep, r) {
				keep += string(r)
			}
		}
		if i == len(terms)-1 {
			keep = result
		}
		v = ops.Einsum(have+","+terms[i]+"->"+keep, v, values[i])
		have = keep
	}
	if len(terms) == 1 {
		v = reorder(c, v, have, result)
	}
	return one(v, dtype)
}

// spelledOut gives the axes of "..." letters of their own, and makes the result that
// a missing arrow implies: the letters that appear once, in alphabetical order.
func spelledOut(c *Call, terms []string, result string, arrow bool, values []graph.Value) ([]string, string, bool) {
	const spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	most := 0
	for i, t := range terms {
		if strings.Contains(t, "...") {
			most = max(most, len(values[i].Shape())-len(t)+3)
		}
	}
	dots := ""
	for _, r := range spare {
		if len(dots) < most && !strings.ContainsRune(strings.Join(terms, "")+result, r) {
			dots += string(r)
		}
	}
	terms = slices.Clone(terms)
	for i, t := range terms {
		if strings.Contains(t, "...") {
			n := len(values[i].Shape()) - len(t) + 3
			if n < 0 || n != most {
				c.fail("the axes of ... differ in number, which is not supported")
				return nil, "", false
			}
			terms[i] = strings.Replace(t, "...", dots, 1)
		}
		if len(terms[i]) != len(values[i].Shape()) {
			c.fail("%q names %d axes, the tensor has shape %v", t, len(terms[i]), values[i].Shape())
			return nil, "", false
		}
	}
	if arrow {
		return terms, strings.Replace(result, "...", dots, 1), true
	}
	all := strings.Join(terms, "")
	var once []rune
	for _, r := range all {
		if strings.Count(all, string(r)) == 1 && !strings.ContainsRune(dots, r) {
			once = append(once, r)
		}
	}
	slices.Sort(once)
	return terms, dots + string(once), true
}

// reorder is Einsum of one operand: diagonals, sums and a transposition.
func reorder(c *Call, x graph.Value, have, want string) graph.Value {
	for i := 0; i < len(have); i++ {
		if j := strings.IndexByte(have[i+1:], have[i]); j >= 0 {
			letter := have[i]
			x = c.diagonal(x, 0, i, i+1+j)
			have = have[:i] + have[i+1:i+1+j] + have[i+j+2:] + string(letter)
			i = -1
			if !c.ok() {
				return x
			}
		}
	}
	var gone []int
	rest := ""
	for i, r := range have {
		if strings.ContainsRune(want, r) {
			rest += string(r)
		} else {
			gone = append(gone, i)
		}
	}
	if len(gone) > 0 {
		x = ops.Sum(x, gone, false)
	}
	var order []int
	for _, r := range want {
		i := strings.IndexRune(rest, r)
		if i < 0 {
			c.fail("the result's %q is no axis of the operands", r)
			return x
		}
		order = append(order, i)
	}
	return ops.Transpose(x, order...)
}
