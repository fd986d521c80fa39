package datasets

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/rng"
)

// IMDB is 25000 reviews of films to train and 25000 to test on, as numbers of words by
// frequency, labelled 1 if the film was liked and 0 if not (Maas and others, 2011).
type IMDB struct {
	Path      string // file; empty means imdb.npz in Keras's cache
	NumWords  int    // words with this number or above are left out; 0 means none are
	SkipTop   int    // words with numbers below this one are left out
	MaxLen    int    // texts of this length or above are left out, the start counted; 0 means none are
	Seed      *int   // of the order of the samples; nil means 113
	StartChar *int   // first number of every text; nil means 1, None none
	OOVChar   *int   // number in the place of a word left out; nil means 2, None nothing
	IndexFrom *int   // added to the numbers of words; nil means 3
}

var (
	imdbFile  = file{"imdb.npz", "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f", "imdb.npz of TensorFlow's tf-keras-datasets"}
	imdbWords = file{"imdb_word_index.json", "bfafd718b763782e994055a2d397834f", "imdb_word_index.json of TensorFlow's tf-keras-datasets"}
)

// LoadData returns the reviews to train and to test on, each shuffled.
func (d IMDB) LoadData() (train, test Sequences, err error) {
	w := words{d.NumWords, d.SkipTop, d.MaxLen, d.StartChar, d.OOVChar, d.IndexFrom}
	if err := w.check(); err != nil {
		return train, test, err
	}
	r, err := rng.NewNumPy(orElse(d.Seed, 113))
	if err != nil {
		return train, test, fmt.Errorf("datasets: %w", err)
	}
	content, found, err := imdbFile.read(d.Path)
	if err != nil {
		return train, test, err
	}
	var all [][]int
	var ys [][]int64
	n := 0
	for _, part := range []string{"train", "test"} {
		x, err := lists(content, "x_"+part)
		if err != nil {
			return train, test, in(found, err)
		}
		y, err := labels(content, "y_"+part, len(x))
		if err != nil {
			return train, test, in(found, err)
		}
		x, y = pick(x, y, r.Shuffled(len(x)))
		if x, y = w.begin(x, y); len(x) == 0 {
			return train, test, fmt.Errorf("datasets: no text is shorter than maxlen %d; increase it", d.MaxLen)
		}
		if part == "train" {
			n = len(x)
		}
		all, ys = append(all, x...), append(ys, y)
	}
	if err := w.limit(all); err != nil {
		return train, test, err
	}
	return Sequences{all[:n], int64s(ys[0])}, Sequences{all[n:], int64s(ys[1])}, nil
}

// IMDBWordIndex returns the number of every word, without what IndexFrom adds. An empty
// path means imdb_word_index.json in Keras's cache.
func IMDBWordIndex(path string) (map[string]int, error) { return wordIndex(imdbWords, path) }
