package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// StringLookup turns words into their indices in a vocabulary, or, with Invert,
// indices into words.
//
// Input (…) of strings; output (…) int32 with output_mode int, else float32: (…, size)
// for one_hot, (batch, size) for the others. Indices count the mask token, if there is
// one, then NumOOVIndices places for unknown words, then the vocabulary. Several places
// share unknown words by their FarmHash, or by their SipHash under Salt.
//
// The vocabulary is given, or learned by Adapt: the most frequent words first, of
// equally frequent ones the greater first. tf_idf multiplies the counts by
// log(1 + documents / (1 + documents with the word)).
type StringLookup struct {
	MaxTokens      *int      `keras:"max_tokens,pos,min=2"`                                                          // largest size of the vocabulary, special words included
	NumOOVIndices  *int      `keras:"num_oov_indices,min=0,default=1"`                                               // places for unknown words; with 0 they are errors
	MaskToken      *string   `keras:"mask_token"`                                                                    // a word that stands for nothing: index 0 with output_mode int, else not counted
	OOVToken       *string   `keras:"oov_token,default=[UNK]"`                                                       // what Invert yields for unknown indices
	Vocabulary     any       `keras:"vocabulary"`                                                                    // the words ([]string), with or without the special ones at the start
	IDFWeights     []float64 `keras:"idf_weights"`                                                                   // of the vocabulary, for tf_idf
	Invert         bool      `keras:"invert"`                                                                        // indices to words
	OutputMode     string    `keras:"output_mode,default=int,enum=int|one_hot|multi_hot|count|tf_idf|binary|tf-idf"` // what is made of the indices
	PadToMaxTokens bool      `keras:"pad_to_max_tokens"`                                                             // encoded samples are max_tokens long
	OOVMethod      string    `keras:"oov_method,default=floormod,enum=floormod|farmhash,since=3.15"`                 // has no effect on words, which are always hashed
	Salt           []int     `keras:"salt,since=3.15"`                                                               // two numbers, or one: the key of SipHash
	Encoding       string    `keras:"encoding,default=utf-8,enum=utf-8|UTF-8"`                                       // of the words
	VocabularySize *int      `keras:"vocabulary_size,min=0"`                                                         // set by Adapt, and read from files; not to be given

	learned *vocabulary[string]

	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"`
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[StringLookup](module, spec.Ignored("activity_regularizer", "sparse=false", "has_input_vocabulary"))
}

// lookup returns the layer's table.
func (d StringLookup) lookup() *lookup[string] {
	return &lookup[string]{
		class: "StringLookup", maxTokens: d.MaxTokens, unknown: *d.NumOOVIndices, mask: d.MaskToken, oov: *d.OOVToken, mode: d.OutputMode,
		pad: d.PadToMaxTokens, invert: d.Invert, farm: true, key: sipKey(d.Salt), fixed: d.Vocabulary != nil, size: d.VocabularySize, vocab: d.learned,
	}
}

// Completed checks the arguments and reads the vocabulary.
func (d StringLookup) Completed() (any, error) {
	var err error
	d.OutputMode = modeName(d.OutputMode)
	if d.Salt, err = saltPair(d.Salt); err != nil {
		return nil, err
	}
	l := d.lookup()
	if err := l.check(d.IDFWeights); err != nil {
		return nil, err
	}
	if d.Vocabulary != nil {
		words, err := stringList(d.Vocabulary)
		if err != nil {
			return nil, err
		}
		d.Vocabulary = words
		if d.learned, err = l.set(words, d.IDFWeights); err != nil {
			return nil, err
		}
	}
	if d.learned != nil {
		d.VocabularySize = new(d.lookup().len())
	}
	return d, nil
}

// Build checks the input.
func (d StringLookup) Build(b *Builder, in ...tensor.Shape) { b.oneInput(in) }

// Call looks up.
func (d StringLookup) Call(c *Context, in ...graph.Value) graph.Value {
	if x := in[0]; !d.Invert && x.DType() != tensor.String {
		c.Errorf("wants words, got %v; give the model's input the dtype string", x.DType())
		return x
	}
	return d.lookup().call(in[0])
}

// OnHost says that the layer reads words.
func (StringLookup) OnHost() {}

// Adapted learns the vocabulary.
func (d StringLookup) Adapted(batches ...*tensor.Tensor) (Layer, error) {
	c := newCounter[string]()
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
func (d StringLookup) Given() bool { return d.Vocabulary != nil }

// NeedsAdapt reports whether there is no vocabulary.
func (d StringLookup) NeedsAdapt() bool { return d.learned == nil }

// GetVocabulary returns the words, a []string.
func (d StringLookup) GetVocabulary(special bool) any { return d.lookup().all(special) }

// VocabularyLen returns the number of words, special ones included.
func (d StringLookup) VocabularyLen() int { return d.lookup().len() }

// WithVocabulary returns the layer with the given words.
func (d StringLookup) WithVocabulary(tokens any, weights []float64) (Layer, error) {
	words, err := stringList(tokens)
	if err != nil {
		return nil, err
	}
	if d.learned, err = d.lookup().set(words, weights); err != nil {
		return nil, err
	}
	d.VocabularySize = new(d.lookup().len())
	return d, nil
}

// Assets returns the vocabulary as Keras's file of lines, unless it is an argument.
func (d StringLookup) Assets() (map[string][]byte, map[string]*tensor.Tensor) {
	return d.lookup().assets()
}

// WithAssets reads that file.
func (d StringLookup) WithAssets(read func(name string) ([]byte, error), arrays map[string]*tensor.Tensor) (Layer, error) {
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
func (StringLookup) AssetFolder() (folder, name string) { return "", "" }

// Cardinality is the number of codes that the layer can yield with output_mode int.
func (d StringLookup) Cardinality() int { return d.lookup().len() }

var (
	_ Adapter          = StringLookup{}
	_ Host             = StringLookup{}
	_ AssetKeeper      = StringLookup{}
	_ VocabularyKeeper = StringLookup{}
	_ spec.Completer   = StringLookup{}
)

// modeName resolves Keras's older names of output modes.
func modeName(mode string) string {
	switch mode {
	case "binary":
		return "multi_hot"
	case "tf-idf":
		return "tf_idf"
	}
	return mode
}

// saltPair makes two numbers of one.
func saltPair(salt []int) ([]int, error) {
	switch len(salt) {
	case 0, 2:
		return salt, nil
	case 1:
		return []int{salt[0], salt[0]}, nil
	}
	return nil, fmt.Errorf("salt wants one number or two, got %d", len(salt))
}

func sipKey(salt []int) *[2]uint64 {
	if len(salt) != 2 {
		return nil
	}
	return &[2]uint64{uint64(salt[0]), uint64(salt[1])}
}

// stringList reads a list of words.
func stringList(v any) ([]string, error) {
	switch v := v.(type) {
	case []string:
		return v, nil
	case *tensor.Tensor:
		if v.DType() == tensor.String {
			return tensor.Data[string](v), nil
		}
	case []any:
		words := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("vocabulary: entry %d is %v; wanted are words, in quotes", i, e)
			}
			words[i] = s
		}
		return words, nil
	case string:
		return nil, fmt.Errorf("vocabulary is %q; a file outside the model is not read: give the list of its words (layers.ReadVocabulary reads it)", v)
	}
	return nil, fmt.Errorf("vocabulary wants a list of words, got %T", v)
}
