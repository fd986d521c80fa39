package keras

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Padding holds the arguments of PadSequences. Zero means Keras's default.
type Padding struct {
	MaxLen     *int    // length of all; nil means that of the longest sequence
	DType      string  // of the result; empty means int32
	Padding    string  // pre, which empty means, or post: where values are added
	Truncating string  // pre, which empty means, or post: where longer sequences are cut
	Value      float64 // what is added
}

// PadSequences makes one array (sequences, length) of sequences of different lengths, by
// cutting and padding each: keras.utils.pad_sequences. Sequences are [][]int or
// [][]float64, which whole types truncate.
func PadSequences(sequences any, p Padding) (*tensor.Tensor, error) {
	var rows [][]float64
	switch s := sequences.(type) {
	case [][]int:
		for _, row := range s {
			numbers := make([]float64, len(row))
			for i, v := range row {
				numbers[i] = float64(v)
			}
			rows = append(rows, numbers)
		}
	case [][]float64:
		rows = s
	default:
		return nil, fmt.Errorf("keras: PadSequences: sequences are a %T; wanted [][]int or [][]float64", sequences)
	}
	for _, arg := range []struct{ name, value string }{{"padding", p.Padding}, {"truncating", p.Truncating}} {
		if arg.value != "" && arg.value != "pre" && arg.value != "post" {
			return nil, fmt.Errorf("keras: PadSequences: %s is %q; it is pre or post", arg.name, arg.value)
		}
	}
	length := 0
	for _, row := range rows {
		length = max(length, len(row))
	}
	if p.MaxLen != nil {
		if length = *p.MaxLen; length < 0 {
			return nil, fmt.Errorf("keras: PadSequences: the length is %d", length)
		}
	}
	dtype := tensor.Int32
	if p.DType != "" {
		var err error
		if dtype, err = tensor.ParseDType(p.DType); err != nil || dtype == tensor.String {
			return nil, fmt.Errorf("keras: PadSequences: dtype is %q; wanted is a type of numbers", p.DType)
		}
	}
	out := tensor.New(dtype, len(rows), length)
	for r, row := range rows {
		if extra := len(row) - length; extra > 0 {
			if p.Truncating == "post" {
				row = row[:length]
			} else {
				row = row[extra:]
			}
		}
		first := 0 // place of the sequence
		if p.Padding != "post" {
			first = length - len(row)
		}
		for i := range length {
			v := p.Value
			if k := i - first; k >= 0 && k < len(row) {
				v = row[k]
			}
			out.SetFloat64At(r*length+i, v)
		}
	}
	return out, nil
}
