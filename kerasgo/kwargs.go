package keras

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// snakeCase is what Keras calls the first layer of the class.
func (l *Layer) snakeCase() string {
	if c, ok := spec.ClassOf(l.desc); ok {
		return spec.AutoName(c)
	}
	return spec.SnakeCase(l.class)
}

// Kwargs are the arguments of a layer's call by Keras's names: symbols, and true or
// false for options such as use_causal_mask. A mask is a symbol or, where the layer takes
// several inputs, a list of symbols with nil for inputs that have none. Training is kept for files but decides
// nothing: as in Keras 3 the mode is that of the model, training in Fit and inference
// elsewhere. A BatchNormalization that is to stay as it is is frozen (Trainable false).
type Kwargs map[string]any

// ApplyWith is ApplyMulti with arguments by name after the positional inputs:
//
//	attention := layers.MultiHeadAttention{NumHeads: 4, KeyDim: 32}
//	out := keras.ApplyWith(attention, keras.Kwargs{"attention_mask": mask, "return_attention_scores": true}, x, x)
//	y, scores := out[0], out[1]
func ApplyWith(layer any, kwargs Kwargs, in ...*Symbol) []*Symbol {
	where := caller(1)
	return newLayer(layer, where).applyWith(where, kwargs, in).siblings()
}

// CallWith applies the layer to symbols with arguments by name; see ApplyWith.
func (l *Layer) CallWith(kwargs Kwargs, in ...*Symbol) []*Symbol {
	return l.applyWith(caller(1), kwargs, in).siblings()
}

// manner is how a layer is called, the inputs apart.
type manner struct {
	at       []int    // by input: which of an ArgumentTaker's arguments it is, ascending; nil for the first ones
	masked   []int    // the last inputs are masks: of the inputs with these numbers
	options  []string // of an OptionTaker
	args     []any    // an operation's arguments, in the order of their names, with the inputs among them
	keywords []string // of these, the names of those that files hold by name
	training *bool    // as the call was given it; the model's mode wins
}

// unmasked is the manner of the same call without its masks.
func (m manner) unmasked() manner {
	m.masked = nil
	return m
}

// apart returns the inputs of a call and the masks behind them.
func apart[T any](m manner, in []T) (inputs, masks []T) {
	n := len(in) - len(m.masked)
	return in[:n:n], in[n:]
}

// arranged puts inputs into the places of their arguments. Masks have none.
func arranged[T any](m manner, in []T) []T {
	in, _ = apart(m, in)
	if m.at == nil {
		return in
	}
	out := make([]T, m.at[len(m.at)-1]+1)
	for i, at := range m.at {
		out[at] = in[i]
	}
	return out
}

// argument returns the name of an input, or "" if the layer's inputs have none.
func (l *Layer) argument(m manner, i int) string {
	names, ok := l.desc.(layers.ArgumentTaker)
	if !ok {
		return ""
	}
	if m.at != nil {
		i = m.at[i]
	}
	if list := names.Arguments(); i < len(list) {
		return list[i]
	}
	return ""
}

func (l *Layer) applyWith(where string, kwargs Kwargs, in []*Symbol) *Symbol {
	m, in, err := sortCall(l, "symbols", kwargs, in)
	if err != nil && l.err == nil {
		return &Symbol{err: located(where, "keras.ApplyWith("+l.typeName()+")", err)}
	}
	return l.applyAs(where, m, in)
}

// sortCall sorts the arguments of a call with what messages call symbols.
func sortCall[T any](l *Layer, symbols string, kwargs Kwargs, in []T) (m manner, all []T, err error) {
	var names, options []string
	if a, ok := l.desc.(layers.ArgumentTaker); ok {
		names = a.Arguments()
	}
	if o, ok := l.desc.(layers.OptionTaker); ok {
		options = o.Options()
	}
	type input struct {
		at int
		s  T
	}
	var list []input
	for i, s := range in {
		list = append(list, input{i, s})
	}
	masks, masked, err := masksOf[T](l, symbols, names, kwargs["mask"], len(in))
	if err != nil {
		return m, nil, err
	}
	for _, k := range sortedKeys(kwargs) {
		if k == "mask" {
			continue
		}
		switch v := kwargs[k].(type) {
		case nil:
		case T:
			at := slices.Index(names, k)
			switch {
			case at < 0:
				return m, nil, notCalledWith(k, names)
			case at < len(in):
				return m, nil, fmt.Errorf("%q is given twice: by name and as input %d", k, at)
			}
			list = append(list, input{at, v})
		case bool:
			switch {
			case k == "training":
				m.training = &v
			case !slices.Contains(options, k):
				return m, nil, fmt.Errorf("%q is no option of the layer's call%s", k, theseDo(append(options, "training")))
			case v:
				m.options = append(m.options, k)
			}
		default:
			return m, nil, fmt.Errorf("%q: a call takes %s and true or false, not a %T", k, symbols, v)
		}
	}
	slices.SortStableFunc(list, func(a, b input) int { return cmp.Compare(a.at, b.at) })
	ordered := true
	for i, x := range list {
		all, m.at = append(all, x.s), append(m.at, x.at)
		ordered = ordered && x.at == i
	}
	if ordered {
		m.at = nil
	}
	if len(all) == 0 {
		err = errors.New("called without an input")
	}
	m.masked = masked
	return m, append(all, masks...), err
}

// masksOf returns the masks that a call of n inputs is given, and which inputs they are of.
func masksOf[T any](l *Layer, symbols string, names []string, mask any, n int) (masks []T, masked []int, err error) {
	var list []any
	switch v := mask.(type) {
	case nil:
		return nil, nil, nil
	case []any:
		list = v
	case []T:
		for _, m := range v {
			list = append(list, m)
		}
	default:
		list = []any{v}
	}
	if _, ok := l.desc.(layers.MaskTaker); !ok && l.model == nil {
		return nil, nil, notCalledWith("mask", names)
	}
	if len(list) > n {
		return nil, nil, fmt.Errorf("mask: there are %d for %d inputs", len(list), n)
	}
	for i, v := range list {
		switch m := v.(type) {
		case nil:
		case T:
			masks, masked = append(masks, m), append(masked, i)
		default:
			return nil, nil, fmt.Errorf("mask: wanted %s, not a %T", symbols, v)
		}
	}
	return masks, masked, nil
}

// maskList puts the masks of a call into one value for the file: one alone, or a list with
// null for inputs that have none.
func maskList[T any](m manner, masks []T) any {
	if len(masks) == 1 && m.masked[0] == 0 {
		return masks[0]
	}
	list := make([]any, slices.Max(m.masked)+1)
	for i, at := range m.masked {
		list[at] = masks[i]
	}
	return list
}

func notCalledWith(name string, names []string) error {
	return fmt.Errorf("%q is no tensor that the layer is called with%s", name, theseDo(names))
}

// theseDo ends a message with the names that would do.
func theseDo(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; it takes " + strings.Join(names, ", ")
}

// byName leaves the leading arguments of a call that Keras wants first in their
// places, and stores the others by name.
func (c *call) byName(args []any, kwargs *spec.Object) []any {
	positional := 0
	for i := range args {
		name := c.layer.argument(c.manner, i)
		if (c.at == nil || c.at[i] == i) && !strings.HasSuffix(name, "_mask") {
			positional++
			continue
		}
		kwargs.Set(name, args[i])
	}
	return args[:positional]
}
