package layers

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Adapted learns the vocabulary.
func (d TextVectorization) Adapted(batches ...*tensor.Tensor) (Layer, error) {
	c := newCounter[string]()
	for _, b := range columns(batches) {
		if s := b.Shape(); d.Split != "none" && len(s) > 1 && s.Last() != 1 {
			return nil, fmt.Errorf("the texts have shape %v; wanted (texts) or (texts, 1)", s)
		}
		texts, err := d.words(b)
		if err != nil {
			return nil, err
		}
		for _, words := range texts {
			c.add(words)
		}
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
func (d TextVectorization) Given() bool { return d.Vocabulary != nil }

// NeedsAdapt reports whether there is no vocabulary.
func (d TextVectorization) NeedsAdapt() bool { return d.learned == nil }

// GetVocabulary returns the words, a []string.
func (d TextVectorization) GetVocabulary(special bool) any { return d.lookup().all(special) }

// VocabularyLen returns the number of words, special ones included.
func (d TextVectorization) VocabularyLen() int { return d.lookup().len() }

// WithVocabulary returns the layer with the given words.
func (d TextVectorization) WithVocabulary(tokens any, weights []float64) (Layer, error) {
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
func (d TextVectorization) Assets() (map[string][]byte, map[string]*tensor.Tensor) {
	return d.lookup().assets()
}

// WithAssets reads that file.
func (d TextVectorization) WithAssets(read func(name string) ([]byte, error), arrays map[string]*tensor.Tensor) (Layer, error) {
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

// AssetFolder is that of the StringLookup which Keras's layer has inside.
func (TextVectorization) AssetFolder() (folder, name string) { return "_lookup_layer", "string_lookup" }
