package layers

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
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
