package layers

import (
	"errors"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// IntegerLookup turns whole numbers, such as product codes, into their indices in a
// vocabulary, or, with Invert, indices into numbers.
//
// Input (…) of whole numbers, up to 64 bits where they come from a model's input of
// dtype int64; output (…) int32 with output_mode int, int64 with Invert, else float32:
// (…, size) for one_hot, (batch, size) for the others. Indices are made as in
// StringLookup; of several places unknown numbers take the one of their remainder, or,
// with oov_method farmhash, of the hash of their decimal digits.
type IntegerLookup struct {
	MaxTokens       *int      `keras:"max_tokens,pos,min=2"`                                                          // largest size of the vocabulary, special numbers included
	NumOOVIndices   *int      `keras:"num_oov_indices,min=0,default=1"`                                               // places for unknown numbers; with 0 they are errors
	MaskToken       *int      `keras:"mask_token"`                                                                    // a number that stands for nothing: index 0 with output_mode int, else not counted
	OOVToken        *int      `keras:"oov_token,default=-1"`                                                          // what Invert yields for unknown indices
	Vocabulary      any       `keras:"vocabulary"`                                                                    // the numbers ([]int), with or without the special ones at the start
	VocabularyDType string    `keras:"vocabulary_dtype,default=int64,enum=int64"`                                     // of the numbers
	IDFWeights      []float64 `keras:"idf_weights"`                                                                   // of the vocabulary, for tf_idf
	Invert          bool      `keras:"invert"`                                                                        // indices to numbers
	OutputMode      string    `keras:"output_mode,default=int,enum=int|one_hot|multi_hot|count|tf_idf|binary|tf-idf"` // what is made of the indices
	PadToMaxTokens  bool      `keras:"pad_to_max_tokens"`                                                             // encoded samples are max_tokens long
	OOVMethod       string    `keras:"oov_method,default=floormod,enum=floormod|farmhash,since=3.15"`                 // how unknown numbers share several places
	Salt            []int     `keras:"salt,since=3.15"`                                                               // two numbers, or one: the key of SipHash, for farmhash
	VocabularySize  *int      `keras:"vocabulary_size,min=0"`                                                         // set by Adapt, and read from files; not to be given

	learned *vocabulary[int64]

	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"`
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[IntegerLookup](module, spec.Ignored("activity_regularizer", "sparse=false", "has_input_vocabulary"))
}

// lookup returns the layer's table.
func (d IntegerLookup) lookup() *lookup[int64] {
	l := &lookup[int64]{
		class: "IntegerLookup", maxTokens: d.MaxTokens, unknown: *d.NumOOVIndices, oov: int64(*d.OOVToken), mode: d.OutputMode,
		pad: d.PadToMaxTokens, invert: d.Invert, farm: d.OOVMethod == "farmhash", key: sipKey(d.Salt), fixed: d.Vocabulary != nil, size: d.VocabularySize, vocab: d.learned,
	}
	if d.MaskToken != nil {
		l.mask = new(int64(*d.MaskToken))
	}
	return l
}

// Completed checks the arguments and reads the vocabulary.
func (d IntegerLookup) Completed() (any, error) {
	var err error
	d.OutputMode = modeName(d.OutputMode)
	if d.Salt, err = saltPair(d.Salt); err != nil {
		return nil, err
	}
	if d.Salt != nil && d.OOVMethod != "farmhash" {
		return nil, errors.New("salt is for oov_method farmhash")
	}
	l := d.lookup()
	if err := l.check(d.IDFWeights); err != nil {
		return nil, err
	}
	if d.Vocabulary != nil {
		list, err := intList(d.Vocabulary)
		if err != nil {
			return nil, err
		}
		d.Vocabulary = list
		if d.learned, err = l.set(int64s(list), d.IDFWeights); err != nil {
			return nil, err
		}
	}
	if d.learned != nil {
		d.VocabularySize = new(d.lookup().len())
	}
	return d, nil
}

// Build checks the input.
func (d IntegerLookup) Build(b *Builder, in ...tensor.Shape) { b.oneInput(in) }

// Call looks up.
func (d IntegerLookup) Call(c *Context, in ...graph.Value) graph.Value {
	if in[0].DType() == tensor.String {
		c.Errorf("wants whole numbers, got words; StringLookup takes these")
		return in[0]
	}
	return d.lookup().call(in[0])
}

// OnHost says that the layer reads numbers of 64 bits.
func (IntegerLookup) OnHost() {}

// Adapted learns the vocabulary.
func (d IntegerLookup) Adapted(batches ...*tensor.Tensor) (Layer, error) {
	c := newCounter[int64]()
	if err := documents(c, columns(batches)); err != nil {
		return nil, err
	}
	v, err := d.lookup().learn(c)
	if err != nil {
		return nil, err
	}
	d.learned, d.VocabularySize = v, nil
	if v != nil {
		d.VocabularySize = new(d.lookup().len())
	}
	return d, nil
}

// Given reports whether it is an argument.
func (d IntegerLookup) Given() bool { return d.Vocabulary != nil }

// NeedsAdapt reports whether there is no vocabulary.
func (d IntegerLookup) NeedsAdapt() bool { return d.learned == nil }

// GetVocabulary returns the numbers, a []int.
func (d IntegerLookup) GetVocabulary(special bool) any {
	list := []int{}
	for _, t := range d.lookup().all(special) {
		list = append(list, int(t))
	}
	return list
}

// VocabularyLen returns the number of entries, special ones included.
func (d IntegerLookup) VocabularyLen() int { return d.lookup().len() }

// WithVocabulary returns the layer with the given numbers.
func (d IntegerLookup) WithVocabulary(tokens any, weights []float64) (Layer, error) {
	list, err := intList(tokens)
	if err != nil {
		return nil, err
	}
	if d.learned, err = d.lookup().set(int64s(list), weights); err != nil {
		return nil, err
	}
	d.VocabularySize = new(d.lookup().len())
	return d, nil
}

// Assets returns the vocabulary as Keras's file of lines, unless it is an argument.
func (d IntegerLookup) Assets() (map[string][]byte, map[string]*tensor.Tensor) {
	return d.lookup().assets()
}

// WithAssets reads that file.
func (d IntegerLookup) WithAssets(read func(name string) ([]byte, error), arrays map[string]*tensor.Tensor) (Layer, error) {
	v, err := d.lookup().fromAssets(read, arrays)
	if err != nil {
		return nil, err
	}
	if v != nil {
		d.learned = v
		d.VocabularySize = new(d.lookup().len())
	}
	return d, nil
}

// AssetFolder is none.
func (IntegerLookup) AssetFolder() (folder, name string) { return "", "" }

// Cardinality is the number of codes that the layer can yield with output_mode int.
func (d IntegerLookup) Cardinality() int { return d.lookup().len() }

var (
	_ Adapter          = IntegerLookup{}
	_ Host             = IntegerLookup{}
	_ AssetKeeper      = IntegerLookup{}
	_ VocabularyKeeper = IntegerLookup{}
	_ spec.Completer   = IntegerLookup{}
)

// intList reads a list of whole numbers.
func intList(v any) ([]int, error) {
	switch v := v.(type) {
	case []int:
		return v, nil
	case *tensor.Tensor:
		if v.DType() != tensor.String {
			list := make([]int, v.Size())
			for i, x := range tensor.Data[int64](v.Cast(tensor.Int64)) {
				list[i] = int(x)
			}
			return list, nil
		}
	case []any:
		list := make([]int, len(v))
		for i, e := range v {
			n, ok := e.(int)
			if !ok {
				return nil, fmt.Errorf("vocabulary: entry %d is %v; wanted are whole numbers", i, e)
			}
			list[i] = n
		}
		return list, nil
	case string:
		return nil, fmt.Errorf("vocabulary is %q; a file outside the model is not read: give the list of its numbers", v)
	}
	return nil, fmt.Errorf("vocabulary wants a list of whole numbers, got %T", v)
}

func int64s(list []int) []int64 {
	out := make([]int64, len(list))
	for i, x := range list {
		out[i] = int64(x)
	}
	return out
}
