package data

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/datasets"
	"github.com/kerasgo/kerasgo/spec"
)

// Reuters is newswires of 46 topics, as rows of word numbers (n, pad) int32 with labels (n), from the file
// that Keras keeps in its cache.
type Reuters struct {
	Path            string   `keras:"path,pos"`                           // file; empty means reuters.npz in Keras's cache
	NumWords        int      `keras:"num_words,min=0"`                    // words with this number or above are left out; 0 means none are
	SkipTop         int      `keras:"skip_top,min=0"`                     // words with numbers below this one are left out
	MaxLen          int      `keras:"maxlen,min=0"`                       // texts of this length or above are left out; 0 means none are
	TestSplit       *float64 `keras:"test_split,default=0.2,min=0,max=1"` // share of the texts that becomes the split test
	Seed            *int     `keras:"seed,default=113,min=0"`             // of the order of the samples
	StartChar       *int     `keras:"start_char,default=1,min=-1"`        // first number of every text; -1 means none
	OOVChar         *int     `keras:"oov_char,default=2,min=-1"`          // number in the place of a word left out; -1 means nothing
	IndexFrom       *int     `keras:"index_from,default=3,min=0"`         // added to the numbers of words
	Pad             int      `keras:"pad,min=0"`                          // length of every text: zeros come before short ones, long ones lose their beginning; 0 means the longest text's
	ValidationSplit float64  `keras:"validation_split,min=0,max=1"`       // share of the texts to train on that becomes the split validation
}

func init() { spec.Register[Reuters](module) }

// Load reads the texts.
func (d Reuters) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	train, test, err := datasets.Reuters{
		Path: locateCached(base, d.Path), NumWords: d.NumWords, SkipTop: d.SkipTop, MaxLen: d.MaxLen, TestSplit: d.TestSplit, Seed: d.Seed,
		StartChar: orNone(d.StartChar), OOVChar: orNone(d.OOVChar), IndexFrom: d.IndexFrom,
	}.LoadData()
	if err != nil {
		return nil, err
	}
	n := longest(d.Pad, train, test)
	return fromArrays(texts(train, n), texts(test, n), d.ValidationSplit)
}

// Check reports a share that leaves nothing.
func (d Reuters) Check() error { return checkShare(d.ValidationSplit) }

// Outline tells what does not depend on the file.
func (d Reuters) Outline() Outline {
	o := Outline{Y: tensor.Shape{tensor.Unknown}, Classes: 46, Parts: Parts{Train: Some, Validation: part(d.ValidationSplit), Test: Some}}
	if d.Pad > 0 {
		o.X = tensor.Shape{tensor.Unknown, d.Pad}
	}
	return o
}

var (
	_ Source   = Reuters{}
	_ Outliner = Reuters{}
	_ Checker  = Reuters{}
)
