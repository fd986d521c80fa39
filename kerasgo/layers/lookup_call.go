package layers

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/hash"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// index returns the index of a token.
func (l *lookup[K]) index(t K) (int32, error) {
	if l.mask != nil && t == *l.mask {
		if l.mode == "int" {
			return 0, nil
		}
		return hidden, nil
	}
	if i, ok := l.vocab.place[t]; ok {
		return int32(l.start()) + i, nil
	}
	switch l.unknown {
	case 0:
		return 0, fmt.Errorf("%v is not in the vocabulary, and num_oov_indices is 0; set it to 1 for tokens that may be unknown", show(t))
	case 1:
		return int32(l.oovStart()), nil
	}
	return int32(l.oovStart()) + int32(l.bucket(t)), nil
}

// bucket spreads unknown tokens.
func (l *lookup[K]) bucket(t K) uint64 {
	n := uint64(l.unknown)
	var s string
	switch t := any(t).(type) {
	case string:
		s = t
	case int64:
		if !l.farm {
			return uint64((t%int64(n) + int64(n)) % int64(n))
		}
		s = strconv.FormatInt(t, 10)
	}
	if l.key != nil {
		return hash.SipHash(*l.key, s) % n
	}
	return hash.Fingerprint64(s) % n
}

// token is the inverse of index.
func (l *lookup[K]) token(i int64) K {
	if l.mask != nil && i == 0 {
		return *l.mask
	}
	if k := i - int64(l.start()); k >= 0 && k < int64(len(l.vocab.tokens)) {
		return l.vocab.tokens[k]
	}
	return l.oov
}

// ready reports that there is no vocabulary.
func (l *lookup[K]) ready() error {
	if l.vocab == nil {
		return errors.New("it has no vocabulary; give it one, or adapt it to data first")
	}
	return nil
}

// call looks x up and encodes what was found.
func (l *lookup[K]) call(x graph.Value) graph.Value {
	if l.invert {
		return ops.Call(l.inverse(), x)
	}
	ids := ops.Call(&ops.Func{Name: l.class, Infer: func(in []graph.Spec) (graph.Spec, error) {
		return graph.Spec{DType: tensor.Int32, Shape: in[0].Shape}, nil
	}, Eval: func(out *tensor.Tensor, in []*tensor.Tensor) error {
		if err := l.ready(); err != nil {
			return err
		}
		to := out.Int32s()
		return each(in[0], func(i int, t K) (err error) {
			to[i], err = l.index(t)
			return err
		})
	}}, x)
	return l.encode(ids)
}

// encode encodes indices as the mode says.
func (l *lookup[K]) encode(ids graph.Value) graph.Value {
	if l.mode == "int" {
		return ids
	}
	depth := l.depth()
	if depth == 0 {
		depth = ids.Shape()[0] // not known yet: it moves with the batch, so shapes say None
	}
	if l.mode != "tf_idf" {
		return encode(ids, l.mode, depth, tensor.Float32)
	}
	counts := encode(ids, "count", depth, tensor.Float32)
	if l.vocab == nil {
		return counts
	}
	return ops.Mul(counts, ops.Const(ids.Graph(), tensor.From(l.vocab.idf)))
}

func (l *lookup[K]) inverse() *ops.Func {
	return &ops.Func{Name: l.class, Infer: func(in []graph.Spec) (graph.Spec, error) {
		if in[0].DType == tensor.String {
			return graph.Spec{}, fmt.Errorf("with invert the input must be indices, got %v", in[0])
		}
		return graph.Spec{DType: tensor.TypeOf[K](), Shape: in[0].Shape}, nil
	}, Eval: func(out *tensor.Tensor, in []*tensor.Tensor) error {
		if err := l.ready(); err != nil {
			return err
		}
		to := tensor.Data[K](out)
		return each(in[0], func(i int, index int64) error {
			to[i] = l.token(index)
			return nil
		})
	}}
}

// each calls f with every element as a token; numbers become whole ones, as in a cast.
func each[K token](t *tensor.Tensor, f func(i int, t K) error) error {
	var zero K
	if _, words := any(zero).(string); words != (t.DType() == tensor.String) {
		want := map[bool]string{true: "words", false: "numbers"}
		return fmt.Errorf("wants %s, got %v", want[words], t.DType())
	}
	if t.DType() != tensor.String && t.DType() != tensor.Int64 {
		t = t.Cast(tensor.Int64)
	}
	for i, x := range tensor.Data[K](t) {
		if err := f(i, x); err != nil {
			return err
		}
	}
	return nil
}
