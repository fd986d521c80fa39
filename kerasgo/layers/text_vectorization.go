package layers

import (
	"errors"
	"fmt"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// TextVectorization turns texts into indices of their words, or into what a text
// contains: it standardizes, splits, makes n-grams and looks them up as StringLookup
// does, with index 0 for padding and 1 for unknown words.
//
// Input (batch) or (batch, 1) of strings, with split null (batch, words); output
// (batch, OutputSequenceLength) int32 with output_mode int, where null is the length of
// the longest text of the batch, else (batch, size) float32.
//
// As in TensorFlow, lower changes the letters A to Z only, whitespace and punctuation
// are those of ASCII, and character splits into code points.
type TextVectorization struct {
	MaxTokens            *int      `keras:"max_tokens,pos,min=2"`                                                                                                    // largest size of the vocabulary, special words included
	Standardize          string    `keras:"standardize,default=lower_and_strip_punctuation,enum=lower_and_strip_punctuation|lower|strip_punctuation|none,none=none"` // what is done to a text first; none, Python's None, is nothing
	Split                string    `keras:"split,default=whitespace,enum=whitespace|character|none,none=none"`                                                       // where a text is split; none, Python's None, is nowhere
	NGrams               any       `keras:"ngrams"`                                                                                                                  // n: runs of 1 to n words; a list of numbers: runs of these lengths
	OutputMode           string    `keras:"output_mode,default=int,enum=int|one_hot|multi_hot|count|tf_idf|binary|tf-idf"`                                           // what is made of the indices
	OutputSequenceLength *int      `keras:"output_sequence_length,min=0"`                                                                                            // length that texts are cut or padded to, with output_mode int
	PadToMaxTokens       bool      `keras:"pad_to_max_tokens"`                                                                                                       // encoded texts are max_tokens long
	Vocabulary           any       `keras:"vocabulary"`                                                                                                              // the words ([]string), with or without the special ones at the start
	IDFWeights           []float64 `keras:"idf_weights"`                                                                                                             // of the vocabulary, for tf_idf
	Encoding             string    `keras:"encoding,default=utf-8,enum=utf-8|UTF-8"`                                                                                 // of the texts
	VocabularySize       *int      `keras:"vocabulary_size,min=0"`                                                                                                   // set by Adapt, and read from files; not to be given

	learned *vocabulary[string]
	longest *int // of the batch, where it is known

	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"`
	InputShape []int  `keras:"input_shape,shape,noconfig"`
}

func init() {
	spec.Register[TextVectorization](module, spec.Ignored("activity_regularizer", "sparse=false", "ragged=false", "has_input_vocabulary"))
}

func (d TextVectorization) lookup() *lookup[string] {
	return &lookup[string]{
		class: "TextVectorization", maxTokens: d.MaxTokens, unknown: 1, mask: new(""), oov: "[UNK]", mode: d.OutputMode,
		pad: d.PadToMaxTokens, farm: true, fixed: d.Vocabulary != nil, size: d.VocabularySize, vocab: d.learned,
	}
}

// Completed checks the arguments and reads the vocabulary.
func (d TextVectorization) Completed() (any, error) {
	d.OutputMode = modeName(d.OutputMode)
	if d.OutputMode != "int" && d.OutputSequenceLength != nil {
		return nil, fmt.Errorf("output_sequence_length is for output_mode int, which is %s", d.OutputMode)
	}
	if d.OutputMode == "one_hot" && d.Split != "none" {
		return nil, errors.New("output_mode one_hot goes with split null only: split texts have different lengths")
	}
	grams, err := gramList(d.NGrams)
	if err != nil {
		return nil, err
	}
	if list, ok := d.NGrams.([]any); ok && list != nil { // as a file has it
		d.NGrams = grams
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

// gramList returns the lengths of n-grams; nil if there are to be none.
func gramList(v any) (list []int, err error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int:
		for n := range v {
			list = append(list, n+1)
		}
		if v < 1 {
			return nil, fmt.Errorf("ngrams must be at least 1, got %d", v)
		}
		return list, nil
	case []int:
		list = v
	case []any:
		for _, e := range v {
			n, ok := e.(int)
			if !ok {
				return nil, fmt.Errorf("ngrams wants whole numbers, got %v", e)
			}
			list = append(list, n)
		}
	default:
		return nil, fmt.Errorf("ngrams wants a whole number or a list of them, got %T", v)
	}
	for _, n := range list {
		if n < 1 {
			return nil, fmt.Errorf("ngrams must be at least 1, got %d", n)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("ngrams is an empty list")
	}
	return list, nil
}

// Build checks the input.
func (d TextVectorization) Build(b *Builder, in ...tensor.Shape) {
	if !b.oneInput(in) {
		return
	}
	switch s := in[0]; {
	case d.Split == "none" && len(s) < 2:
		b.misfit("with split null the input must be (batch, words), got %v", shown(s))
	case len(s) > 2:
		b.misfit("input %v has %d axes; wanted (batch) or (batch, 1)", shown(s), len(s))
	case d.Split != "none" && len(s) == 2 && s[1] != 1:
		b.misfit("input %v has %d texts a sample; wanted (batch) or (batch, 1)", shown(s), s[1])
	}
}

// Call makes indices, or what a text contains.
func (d TextVectorization) Call(c *Context, in ...graph.Value) graph.Value {
	x := in[0]
	if x.DType() != tensor.String {
		c.Errorf("wants texts, got %v; give the model's input the dtype string", x.DType())
		return x
	}
	l := d.lookup()
	ids := ops.Call(&ops.Func{Name: "TextVectorization", Infer: d.infer, Eval: d.eval}, x)
	return l.encode(ids)
}

// width is how many indices a text gets; 0 and false if only the data tells.
func (d TextVectorization) width(s tensor.Shape) (int, bool) {
	switch {
	case d.OutputMode == "int" && d.OutputSequenceLength != nil:
		return *d.OutputSequenceLength, true
	case d.longest != nil:
		return *d.longest, true
	case d.Split != "none":
		return 0, false
	}
	grams, _ := gramList(d.NGrams)
	if grams == nil {
		return s[1], true
	}
	n := 0
	for _, g := range grams {
		n += max(0, s[1]-g+1)
	}
	return n, true
}

func (d TextVectorization) infer(in []graph.Spec) (graph.Spec, error) {
	s := in[0].Shape
	n, ok := d.width(s)
	if !ok {
		n = s[0] // not known yet: it moves with the batch, so shapes say None
	}
	return graph.Spec{DType: tensor.Int32, Shape: tensor.Shape{s[0], n}}, nil
}

// eval writes the indices of every text, padded with 0 or, where they are encoded, with
// what no encoding counts.
func (d TextVectorization) eval(out *tensor.Tensor, in []*tensor.Tensor) error {
	l := d.lookup()
	if err := l.ready(); err != nil {
		return err
	}
	texts, err := d.words(in[0])
	if err != nil {
		return err
	}
	ids, width := out.Int32s(), out.Shape()[1]
	pad := int32(0)
	if d.OutputMode != "int" {
		pad = hidden
	}
	for r, words := range texts {
		row := ids[r*width : (r+1)*width]
		for i := range row {
			if row[i] = pad; i < len(words) {
				if row[i], err = l.index(words[i]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// words returns every sample's words or n-grams.
func (d TextVectorization) words(x *tensor.Tensor) ([][]string, error) {
	if x.DType() != tensor.String {
		return nil, fmt.Errorf("wants texts, got %v", x.DType())
	}
	grams, err := gramList(d.NGrams)
	if err != nil {
		return nil, err
	}
	texts := tensor.Data[string](x)
	out := make([][]string, x.Len())
	n := len(texts) / max(1, len(out))
	for r := range out {
		var words []string
		for _, text := range texts[r*n : (r+1)*n] {
			words = append(words, split(standardize(text, d.Standardize), d.Split)...)
		}
		out[r] = ngrams(words, grams)
	}
	return out, nil
}

// Measured returns the layer with the length of the longest text.
func (d TextVectorization) Measured(in ...*tensor.Tensor) (Layer, error) {
	if len(in) != 1 {
		return d, nil
	}
	if _, ok := d.width(in[0].Shape()); ok {
		return d, nil
	}
	texts, err := d.words(in[0])
	if err != nil {
		return nil, err
	}
	d.longest = new(0)
	for _, words := range texts {
		*d.longest = max(*d.longest, len(words))
	}
	return d, nil
}

// OnHost says that the layer reads words.
func (TextVectorization) OnHost() {}

var (
	_ Adapter          = TextVectorization{}
	_ Host             = TextVectorization{}
	_ Measurer         = TextVectorization{}
	_ AssetKeeper      = TextVectorization{}
	_ VocabularyKeeper = TextVectorization{}
	_ spec.Completer   = TextVectorization{}
)
