package layers

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/hash"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// token is what vocabularies consist of.
type token interface{ string | int64 }

// vocabulary numbers tokens. It never changes once made, so that layers share it.
type vocabulary[K token] struct {
	tokens []K         // without special ones
	place  map[K]int32 // of a token among them
	idf    []float32   // by index, special ones and padding included; for tf_idf
}

func newVocabulary[K token](tokens []K, idf []float32) *vocabulary[K] {
	v := &vocabulary[K]{tokens, make(map[K]int32, len(tokens)), idf}
	for i, t := range tokens {
		v.place[t] = int32(i)
	}
	return v
}

// lookup is what StringLookup and IntegerLookup have in common: tokens to indices, or
// back. An index counts from the mask token, if there is one and indices are the
// output; then come the places of unknown tokens, then the vocabulary.
type lookup[K token] struct {
	class     string
	maxTokens *int
	unknown   int // num_oov_indices
	mask      *K
	oov       K
	mode      string
	pad       bool
	invert    bool
	farm      bool       // unknown tokens are hashed
	key       *[2]uint64 // of SipHash
	fixed     bool       // the vocabulary is an argument
	size      *int       // vocabulary_size, from a file
	vocab     *vocabulary[K]
}

// check reports arguments that contradict each other.
func (l *lookup[K]) check(idf []float64) error {
	switch {
	case l.pad && l.maxTokens == nil:
		return errors.New("pad_to_max_tokens needs max_tokens")
	case l.invert && l.mode != "int":
		return fmt.Errorf("output_mode must be int when invert is true, got %s", l.mode)
	case idf != nil && l.mode != "tf_idf":
		return fmt.Errorf("idf_weights are for output_mode tf_idf, got %s", l.mode)
	}
	return nil
}

// oovStart is the first index for unknown tokens, start that of the first token.
func (l *lookup[K]) oovStart() int {
	if l.mask != nil && l.mode == "int" {
		return 1
	}
	return 0
}

func (l *lookup[K]) start() int { return l.oovStart() + l.unknown }

// len is Keras's vocabulary_size().
func (l *lookup[K]) len() int {
	if l.vocab == nil {
		return l.start()
	}
	return l.start() + len(l.vocab.tokens)
}

// depth is the length of an encoded sample; 0 while it is not known.
func (l *lookup[K]) depth() int {
	switch {
	case l.pad:
		return *l.maxTokens
	case l.vocab != nil:
		return l.len()
	case l.size != nil:
		return *l.size
	}
	return 0
}

// special returns the tokens before the vocabulary's own.
func (l *lookup[K]) special() []K {
	var list []K
	if l.oovStart() == 1 {
		list = append(list, *l.mask)
	}
	return append(list, slices.Repeat([]K{l.oov}, l.unknown)...)
}

// all returns the tokens by index.
func (l *lookup[K]) all(special bool) []K {
	list := []K{}
	if special {
		list = append(list, l.special()...)
	}
	if l.vocab != nil {
		list = append(list, l.vocab.tokens...)
	}
	return list
}

// set returns the vocabulary of the given tokens, which may begin with the special
// ones.
func (l *lookup[K]) set(tokens []K, idf []float64) (*vocabulary[K], error) {
	switch {
	case l.mode == "tf_idf" && idf == nil:
		return nil, errors.New("a vocabulary for output_mode tf_idf needs idf_weights")
	case len(tokens) == 0:
		return nil, errors.New("vocabulary is empty")
	case idf != nil && len(idf) != len(tokens):
		return nil, fmt.Errorf("idf_weights are %d, the vocabulary has %d tokens", len(idf), len(tokens))
	}
	special := l.special()
	whole := len(tokens) >= len(special) && slices.Equal(tokens[:len(special)], special)
	own := tokens
	if whole {
		own = tokens[len(special):]
	}
	v := newVocabulary(slices.Clone(own), nil)
	if len(v.place) != len(own) {
		for i, t := range own {
			if int(v.place[t]) != i {
				return nil, fmt.Errorf("vocabulary: token %v is there twice", show(t))
			}
		}
	}
	reserved := []*K{l.mask}
	if l.invert {
		reserved = append(reserved, &l.oov)
	}
	for _, t := range reserved {
		if t == nil {
			continue
		}
		if i, ok := v.place[*t]; ok {
			return nil, fmt.Errorf("vocabulary: the special token %v stands at place %d; leave the special tokens out, or begin with all of them: %v", show(*t), i, special)
		}
	}
	if n := len(special) + len(own); l.maxTokens != nil && n > *l.maxTokens {
		return nil, fmt.Errorf("vocabulary: %d tokens, special ones included, are more than max_tokens %d", n, *l.maxTokens)
	}
	if l.mode == "tf_idf" {
		v.idf = l.weights(idf, whole)
	}
	return v, nil
}

func show[K token](t K) string {
	if s, ok := any(t).(string); ok {
		return strconv.Quote(s)
	}
	return fmt.Sprint(t)
}

// weights puts the mean of the weights before them, for the special tokens, unless
// these have theirs, and zeros behind.
func (l *lookup[K]) weights(idf []float64, whole bool) []float32 {
	var out []float32
	if !whole {
		sum := 0.0
		for _, w := range idf {
			sum += w
		}
		out = slices.Repeat([]float32{float32(sum / float64(len(idf)))}, l.start())
	}
	for _, w := range idf {
		out = append(out, float32(w))
	}
	return l.padded(out)
}

func (l *lookup[K]) padded(w []float32) []float32 {
	if l.pad && len(w) < *l.maxTokens {
		w = append(w, make([]float32, *l.maxTokens-len(w))...)
	}
	return w
}

// counter counts tokens, and the documents that they are in.
type counter[K token] struct {
	tokens, documents map[K]int
	seen              int // documents
}

func newCounter[K token]() *counter[K] { return &counter[K]{map[K]int{}, map[K]int{}, 0} }

// add counts the tokens of one document.
func (c *counter[K]) add(doc []K) {
	in := map[K]bool{}
	for _, t := range doc {
		c.tokens[t]++
		if !in[t] {
			in[t] = true
			c.documents[t]++
		}
	}
	c.seen++
}

// learn returns the vocabulary of the counted tokens: the most frequent first, of
// equally frequent ones the greater first. It is nil if there are none.
func (l *lookup[K]) learn(c *counter[K]) (*vocabulary[K], error) {
	if l.fixed {
		return nil, errors.New("it has the vocabulary that it was given; leave vocabulary out to adapt it")
	}
	if len(c.tokens) == 0 {
		return nil, nil
	}
	delete(c.tokens, l.oov)
	if l.mask != nil {
		delete(c.tokens, *l.mask)
	}
	tokens := make([]K, 0, len(c.tokens))
	for t := range c.tokens {
		tokens = append(tokens, t)
	}
	slices.SortFunc(tokens, func(a, b K) int { return cmp.Or(cmp.Compare(c.tokens[b], c.tokens[a]), cmp.Compare(b, a)) })
	if l.maxTokens != nil {
		most := *l.maxTokens - l.start()
		if most < 0 { // what Python's slices do
			most = max(0, len(tokens)+most)
		}
		tokens = tokens[:min(most, len(tokens))]
	}
	v := newVocabulary(tokens, nil)
	if l.mode == "tf_idf" {
		sum := float32(0)
		var own []float32
		for _, t := range tokens {
			w := float32(math.Log(1 + float64(c.seen)/float64(1+c.documents[t])))
			own = append(own, w)
			sum += w
		}
		v.idf = l.padded(append(slices.Repeat([]float32{sum / float32(len(tokens))}, l.start()), own...))
	}
	return v, nil
}

// hidden is the index of a masked token that no encoding counts.
const hidden = math.MaxInt32

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

// documents hands every sample's tokens to the counter.
func documents[K token](c *counter[K], batches []*tensor.Tensor) error {
	for _, b := range batches {
		rows, n := 1, b.Size() // a batch of one axis is one document
		if b.Shape().Rank() > 1 {
			rows = b.Len()
			n = b.Size() / max(1, rows)
		}
		var flat []K
		if err := each(b, func(_ int, t K) error { flat = append(flat, t); return nil }); err != nil {
			return err
		}
		for r := range rows {
			c.add(flat[r*n : (r+1)*n])
		}
	}
	return nil
}

// columns gives the one array that a layer is adapted to a second axis, as Keras does,
// which makes every element a document of its own.
func columns(batches []*tensor.Tensor) []*tensor.Tensor {
	if len(batches) == 1 && batches[0].Shape().Rank() == 1 {
		return []*tensor.Tensor{batches[0].Reshape(-1, 1)}
	}
	return batches
}
