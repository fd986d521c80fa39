package layers

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

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
