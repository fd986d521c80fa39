package layers

import (
	"fmt"
	"strconv"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/hash"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// Hashing puts words or whole numbers into bins by the hash of their text: FarmHash's
// Fingerprint64, or with a Salt SipHash-2-4, modulo the number of bins, as TensorFlow
// computes them.
//
// Input (…) of strings or numbers, which are hashed as decimal digits; output (…) int32
// with output_mode int, else float32: (…, NumBins) for one_hot, (batch, NumBins) for
// the others.
type Hashing struct {
	NumBins    int    `keras:"num_bins,pos,required,min=1,max=2147483647"`               // number of bins, that for MaskValue included
	MaskValue  any    `keras:"mask_value"`                                               // a word or number that goes to bin 0, which is then kept for it
	Salt       []int  `keras:"salt"`                                                     // two numbers, or one: the key of SipHash
	OutputMode string `keras:"output_mode,default=int,enum=int|one_hot|multi_hot|count"` // what is made of the bins
	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"` // int64 or int32 with output_mode int, else a float type
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() { spec.Register[Hashing](module, spec.Ignored("activity_regularizer", "sparse=false")) }

// Completed checks the arguments.
func (d Hashing) Completed() (_ any, err error) {
	if d.Salt, err = saltPair(d.Salt); err != nil {
		return nil, err
	}
	switch d.MaskValue.(type) {
	case nil, string, int, float64:
	default:
		return nil, fmt.Errorf("mask_value wants a word or a number, got %T", d.MaskValue)
	}
	d.DType, err = codeType(d.DType, d.OutputMode)
	return d, err
}

// codeType is the dtype of a layer that yields whole numbers with output_mode int.
func codeType(dtype, mode string) (string, error) {
	switch {
	case dtype == "" && mode == "int":
		return "int64", nil
	case dtype == "":
		return "float32", nil
	case (mode == "int") != (dtype == "int32" || dtype == "int64"):
		return "", fmt.Errorf("dtype %s does not go with output_mode %s", dtype, mode)
	}
	return dtype, nil
}

// Build checks the input.
func (d Hashing) Build(b *Builder, in ...tensor.Shape) { b.oneInput(in) }

// Call hashes and encodes.
func (d Hashing) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if _, word := d.MaskValue.(string); d.MaskValue != nil && word != (x.DType() == tensor.String) {
		c.Errorf("mask_value is %v, the input is %v", d.MaskValue, x.DType())
		return x
	}
	if s := x.Shape(); d.OutputMode == "one_hot" && len(s) > 1 && s.Last() == 1 {
		x = ops.Reshape(x, s[:len(s)-1]...)
	}
	bins := ops.Call(&ops.Func{Name: "Hashing", Infer: codes, Eval: d.eval}, x)
	return encode(bins, d.OutputMode, d.NumBins, tensor.Float32)
}

// codes says that the output holds a whole number for every element of the input.
func codes(in []graph.Spec) (graph.Spec, error) {
	return graph.Spec{DType: tensor.Int32, Shape: in[0].Shape}, nil
}

func (d Hashing) eval(out *tensor.Tensor, in []*tensor.Tensor) error {
	bins, masks := uint64(d.NumBins), d.MaskValue != nil && d.NumBins > 1
	if masks {
		bins--
	}
	sum := hash.Fingerprint64
	if key := sipKey(d.Salt); key != nil {
		sum = func(s string) uint64 { return hash.SipHash(*key, s) }
	}
	to := out.Int32s()
	put := func(i int, s string, masked bool) {
		switch {
		case masks && masked:
			to[i] = 0
		case masks:
			to[i] = int32(sum(s)%bins) + 1
		default:
			to[i] = int32(sum(s) % bins)
		}
	}
	if x := in[0]; x.DType() == tensor.String {
		word, _ := d.MaskValue.(string)
		return each(x, func(i int, s string) error { put(i, s, s == word); return nil })
	}
	number := 0.0
	switch v := d.MaskValue.(type) {
	case int:
		number = float64(v)
	case float64:
		number = v
	}
	return each(in[0], func(i int, n int64) error {
		put(i, strconv.FormatInt(n, 10), in[0].Float64At(i) == number)
		return nil
	})
}

// OnHost says that the layer reads words and numbers of 64 bits.
func (Hashing) OnHost() {}

// Cardinality is the number of codes that the layer can yield with output_mode int.
func (d Hashing) Cardinality() int { return d.NumBins }

var (
	_ Host           = Hashing{}
	_ spec.Completer = Hashing{}
)
