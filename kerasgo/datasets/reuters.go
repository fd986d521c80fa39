package datasets

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/rng"
)

// Reuters is 11228 newswires, as numbers of words by frequency, of 46 topics.
type Reuters struct {
	Path      string   // file; empty means reuters.npz in Keras's cache
	NumWords  int      // words with this number or above are left out; 0 means none are
	SkipTop   int      // words with numbers below this one are left out
	MaxLen    int      // texts of this length or above are left out, the start counted; 0 means none are
	TestSplit *float64 // share of the samples to test on; nil means 0.2
	Seed      *int     // of the order of the samples; nil means 113
	StartChar *int     // first number of every text; nil means 1, None none
	OOVChar   *int     // number in the place of a word left out; nil means 2, None nothing
	IndexFrom *int     // added to the numbers of words; nil means 3
}

var (
	reutersFile  = file{"reuters.npz", "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916", "reuters.npz of TensorFlow's tf-keras-datasets"}
	reutersWords = file{"reuters_word_index.json", "4d44cc38712099c9e383dc6e5f11a921", "reuters_word_index.json of TensorFlow's tf-keras-datasets"}
)

// LoadData returns the newswires to train and to test on, shuffled.
func (d Reuters) LoadData() (train, test Sequences, err error) {
	w := words{d.NumWords, d.SkipTop, d.MaxLen, d.StartChar, d.OOVChar, d.IndexFrom}
	if err := w.check(); err != nil {
		return train, test, err
	}
	share := orElse(d.TestSplit, 0.2)
	if !(share >= 0 && share <= 1) {
		return train, test, fmt.Errorf("datasets: test_split must be between 0 and 1, got %v", share)
	}
	r, err := rng.NewNumPy(orElse(d.Seed, 113))
	if err != nil {
		return train, test, fmt.Errorf("datasets: %w", err)
	}
	content, found, err := reutersFile.read(d.Path)
	if err != nil {
		return train, test, err
	}
	x, err := lists(content, "x")
	if err != nil {
		return train, test, in(found, err)
	}
	y, err := labels(content, "y", len(x))
	if err != nil {
		return train, test, in(found, err)
	}
	x, y = pick(x, y, r.Shuffled(len(x)))
	x, y = w.begin(x, y)
	if err := w.limit(x); err != nil {
		return train, test, err
	}
	at := int(float64(len(x)) * (1 - share))
	return Sequences{x[:at], int64s(y[:at])}, Sequences{x[at:], int64s(y[at:])}, nil
}

// ReutersWordIndex returns the number of every word, without what IndexFrom adds. An
// empty path means reuters_word_index.json in Keras's cache.
func ReutersWordIndex(path string) (map[string]int, error) { return wordIndex(reutersWords, path) }

// ReutersLabelNames returns the names of the topics, by label.
func ReutersLabelNames() []string { return slices.Clone(reutersTopics) }

var reutersTopics = []string{
	"cocoa", "grain", "veg-oil", "earn", "acq", "wheat", "copper", "housing", "money-supply", "coffee", "sugar", "trade", "reserves", "ship", "cotton",
	"carcass", "crude", "nat-gas", "cpi", "money-fx", "interest", "gnp", "meal-feed", "alum", "oilseed", "gold", "tin", "strategic-metal", "livestock",
	"retail", "ipi", "iron-steel", "rubber", "heat", "jobs", "lei", "bop", "zinc", "orange", "pet-chem", "dlr", "gas", "silver", "wpi", "hog", "lead",
}
