package experiment

import (
	"fmt"

	"github.com/kerasgo/kerasgo/spec"
)

// maxSweep bounds the values of a sweep, each of which costs a pass over the file.
const maxSweep = 1000

// checkSweep checks the section sweep: every value must be one that the rest of
// the file could have.
func (e *Experiment) checkSweep() spec.Errors {
	n := e.Root.Get("sweep")
	switch {
	case n == nil || n.Kind == spec.Null:
		return nil
	case n.Kind != spec.Mapping:
		return spec.Errors{fail(n.Pos, spec.CodeType, "sweep wants a mapping from paths to lists of values", "write compile.optimizer.learning_rate: [1e-3, 3e-4]")}
	}
	values := 0
	for _, p := range n.Pairs {
		values += len(p.Val.Items)
		for _, item := range p.Val.Items {
			values += len(item.Pairs)
		}
	}
	if values > maxSweep {
		return spec.Errors{fail(n.Pos, spec.CodeRange, fmt.Sprintf("sweep lists %d values; at most %d are possible", values, maxSweep))}
	}
	var errs spec.Errors
	for _, p := range n.Pairs {
		if p.Key.Value == "together" {
			errs = append(errs, e.checkTogether(p.Val)...)
			continue
		}
		if p.Val.Kind != spec.Sequence || len(p.Val.Items) == 0 {
			errs = append(errs, fail(p.Val.Pos, spec.CodeType, p.Key.Value+" wants a list of values to try"))
			continue
		}
		for _, v := range p.Val.Items {
			errs = append(errs, e.tryValue(p.Key, v)...)
		}
	}
	return errs
}

// checkTogether checks values that change together: a list of mappings.
func (e *Experiment) checkTogether(n *spec.Node) spec.Errors {
	if n.Kind != spec.Sequence {
		return spec.Errors{fail(n.Pos, spec.CodeType, "together wants a list of mappings from paths to values")}
	}
	var errs spec.Errors
	for _, item := range n.Items {
		if item.Kind != spec.Mapping {
			errs = append(errs, fail(item.Pos, spec.CodeType, "together wants a list of mappings from paths to values"))
			continue
		}
		for _, p := range item.Pairs {
			errs = append(errs, e.tryValue(p.Key, p.Val)...)
		}
	}
	return errs
}

// tryValue parses the file once more with one value of the sweep in its place.
// Mistakes are reported at the path or the value.
func (e *Experiment) tryValue(key, val *spec.Node) spec.Errors {
	o := Override{Option: "sweep", Text: key.Value + "=" + string(spec.JSON(val.Plain(), 0))}
	without := append(append([]Override{}, e.overrides...), Override{Option: "sweep", Text: "sweep", Unset: true})
	_, errs := Parse(e.File, e.src, append(without, o))
	var out spec.Errors
	for _, x := range errs {
		c := *x
		c.Pos = val.Pos
		if x.Code == spec.CodePath || x.Code == spec.CodeUnknownArgument {
			c.Pos = key.Pos
		}
		c.Msg = fmt.Sprintf("sweep: %s", x.Msg)
		out = append(out, &c)
	}
	return out
}
