package keras

import "slices"

// SourceInputs returns the inputs from which a symbol is computed, in the order in which
// they are met walking back from it; an input is its own. Keras's get_source_inputs.
func SourceInputs(s *Symbol) []*Symbol {
	var inputs []*Symbol
	seen := map[*call]bool{}
	var visit func(s *Symbol)
	visit = func(s *Symbol) {
		if s == nil || s.call == nil || seen[s.call] {
			return
		}
		seen[s.call] = true
		if s.call.layer.inputLayer() && !slices.Contains(inputs, s) {
			inputs = append(inputs, s)
		}
		for _, in := range s.call.in {
			visit(in)
		}
	}
	visit(s)
	return inputs
}
