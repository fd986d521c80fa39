package keras

// ApplyMulti is Apply for layers and models with several outputs, such as an LSTM
// with ReturnState:
//
//	out := keras.ApplyMulti(layers.LSTM{Units: 8, ReturnState: true}, x)
//	y := keras.Apply(layers.LSTM{Units: 8}, z, out[1], out[2]) // with a first state
//
// When the call is a mistake the list is long enough to be taken apart, and all of
// it carries the error.
func ApplyMulti(layer any, in ...*Symbol) []*Symbol {
	return newLayer(layer, caller(1)).apply(caller(1), in).siblings()
}

// CallMulti applies the layer to symbols and returns all of its outputs; see
// ApplyMulti.
func (l *Layer) CallMulti(in ...*Symbol) []*Symbol { return l.apply(caller(1), in).siblings() }

// siblings returns all outputs of the call that s is the first output of.
func (s *Symbol) siblings() []*Symbol {
	if s.err == nil {
		return s.call.out
	}
	list := make([]*Symbol, 16)
	for i := range list {
		list[i] = s
	}
	return list
}
