package keras

import (
	"maps"
	"slices"
)

// symbolDict is symbols by name.
type symbolDict map[string]*Symbol

func (d symbolDict) symbols() []*Symbol {
	var list []*Symbol
	for _, k := range d.keys() {
		list = append(list, d[k])
	}
	return list
}

func (d symbolDict) keys() []string { return slices.Sorted(maps.Keys(d)) }

// Dict makes several symbols the inputs or outputs of a model, under names of their own:
// Python's keras.Model({"a": x}, {"p": y, "q": z}). Data, targets, losses and metrics go by
// these names, which logs show too. Their order, where there is one, is the alphabet's.
func Dict(s map[string]*Symbol) Symbols { return symbolDict(s) }

// OutputNames returns the names of the outputs, in the order of PredictAll: those that
// losses, metrics and targets may be given by, and that stand in logs.
func (m *Model) OutputNames() []string { return m.outputNames() }
