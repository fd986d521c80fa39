package keras

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
)

// modernWeights brings a layer's weights in an old file into the form of Keras 3.
func (l *Layer) modernWeights(w []kerasfile.Tensor, f *kerasfile.Legacy) ([]kerasfile.Tensor, error) {
	if strings.HasPrefix(f.KerasVersion, "3.") {
		return w, nil
	}
	vars := l.legacyOrder()
	var err error
	if len(w) != len(vars) {
		if w, err = mergeGates(l.class, w); err != nil {
			return nil, err
		}
	}
	if !strings.HasPrefix(l.class, "Conv") || len(w) == 0 || len(vars) == 0 {
		return w, nil
	}
	w = append([]kerasfile.Tensor{}, w...)
	w[0], err = modernKernel(w[0], vars[0].Shape(), f.Backend)
	return w, err
}

// mergeGates joins the arrays that Keras 1 kept for each gate of a recurrent layer.
func mergeGates(class string, w []kerasfile.Tensor) ([]kerasfile.Tensor, error) {
	if n := len(w) / 2; class == "Bidirectional" && len(w)%2 == 0 && (n == 12 || n == 9) { // the inner layer forwards and backwards
		inner := map[int]string{12: "LSTM", 9: "GRU"}[n]
		forward, err := mergeGates(inner, w[:n])
		if err != nil {
			return nil, err
		}
		backward, err := mergeGates(inner, w[n:])
		return append(forward, backward...), err
	}
	var order []int
	switch {
	case class == "LSTM" && len(w) == 12: // i c f o → i f c o
		order = []int{0, 2, 1, 3}
	case class == "GRU" && len(w) == 9: // z r h
		order = []int{0, 1, 2}
	default:
		return w, nil
	}
	var out []kerasfile.Tensor
	for part := range 3 { // W, U, b
		var gates []kerasfile.Tensor
		for _, g := range order {
			gates = append(gates, w[3*g+part])
		}
		t, err := joinLast(gates)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// joinLast concatenates arrays along their last axis.
func joinLast(list []kerasfile.Tensor) (kerasfile.Tensor, error) {
	shape := tensor.Shape(list[0].Shape).Clone()
	if len(shape) == 0 {
		return kerasfile.Tensor{}, fmt.Errorf("%s is a scalar", list[0].Name)
	}
	n := shape.Last()
	rows := 1
	for _, d := range shape[:len(shape)-1] {
		rows *= d
	}
	out := make([]float32, rows*n*len(list))
	for g, t := range list {
		if !tensor.Shape(t.Shape).Equal(shape) {
			return kerasfile.Tensor{}, fmt.Errorf("%s has shape %v, %s has %v", list[0].Name, shape, t.Name, tensor.Shape(t.Shape))
		}
		data, err := t.Float32s()
		if err != nil {
			return kerasfile.Tensor{}, err
		}
		for r := range rows {
			copy(out[(r*len(list)+g)*n:], data[r*n:(r+1)*n])
		}
	}
	shape[len(shape)-1] = n * len(list)
	return kerasfile.Float32s(list[0].Name, shape, out), nil
}

// modernKernel brings a convolution's kernel into the order (spatial…, in, out).
// Theano wrote (out, in, spatial…) and convolved with the kernel turned around.
func modernKernel(t kerasfile.Tensor, want tensor.Shape, backend string) (kerasfile.Tensor, error) {
	data, err := t.Float32s()
	if err != nil {
		return t, err
	}
	s := tensor.Shape(t.Shape)
	theano := backend == "theano"
	if len(want) == 3 && len(s) == 4 { // a 1-D kernel as an image of width 1
		switch {
		case s[0] == want[0] && s[1] == 1 && s[2] == want[1] && s[3] == want[2]:
			s = want.Clone()
		case s[0] == want[2] && s[1] == want[1] && s[2] == want[0] && s[3] == 1:
			s = tensor.Shape{s[0], s[1], s[2]}
		}
	}
	k := len(want) - 2
	first := tensor.Shape{}
	if k > 0 {
		first = append(tensor.Shape{want[k+1], want[k]}, want[:k]...)
	}
	if k > 0 && s.Equal(first) && (!s.Equal(want) || backend == "") {
		data, s = channelsLast(data, s), want.Clone()
		theano = theano || backend == ""
	}
	if theano && s.Equal(want) {
		data = turned(data, s[:k].Size(), s[k]*s[k+1])
	}
	return kerasfile.Float32s(t.Name, s, data), nil
}

// channelsLast moves (out, in, spatial…) to (spatial…, in, out).
func channelsLast(data []float32, s tensor.Shape) []float32 {
	nOut, nIn, area := s[0], s[1], s[2:].Size()
	out := make([]float32, len(data))
	for o := range nOut {
		for i := range nIn {
			for p := range area {
				out[(p*nIn+i)*nOut+o] = data[(o*nIn+i)*area+p]
			}
		}
	}
	return out
}

// turned reverses the order of n blocks.
func turned(data []float32, n, block int) []float32 {
	out := make([]float32, len(data))
	for i := range n {
		copy(out[(n-1-i)*block:], data[i*block:(i+1)*block])
	}
	return out
}
