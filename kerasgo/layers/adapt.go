package layers

import "github.com/kerasgo/kerasgo/engine/tensor"

// Adapter is a layer that learns from data before it is used, apart from training: a
// vocabulary, boundaries, a mean. Model.Adapt and Layer.Adapt of package keras call it.
type Adapter interface {
	Layer
	// Adapted returns the layer after it has seen the data, batch by batch, and nothing
	// else. What it learned is in the layer itself, or in the starting values of its
	// weights.
	Adapted(batches ...*tensor.Tensor) (Layer, error)
	// NeedsAdapt reports whether the layer has yet to learn: nothing was given to it.
	NeedsAdapt() bool
	// Given reports whether it was given what it would learn, so that it never adapts.
	Given() bool
}

// Host is a layer that reads words or whole numbers of 64 bits. It gets its inputs as
// they are, whatever its dtype says, and where they follow from a model's inputs it
// runs before the compiled step, which then is fed with what it yields.
type Host interface{ OnHost() }

// Measurer is a Host whose output has a length that follows from the data.
type Measurer interface {
	// Measured returns the layer with that length fixed.
	Measured(in ...*tensor.Tensor) (Layer, error)
}

// AssetKeeper is a layer that keeps files in the folder assets/ of a .keras archive.
type AssetKeeper interface {
	// Assets returns the files by name, and the arrays of the layer's group of weights.
	Assets() (files map[string][]byte, arrays map[string]*tensor.Tensor)
	// WithAssets returns the layer with the content of its files, each read by read.
	WithAssets(read func(name string) ([]byte, error), arrays map[string]*tensor.Tensor) (Layer, error)
	// AssetFolder names a folder inside the layer's own that holds the same once more;
	// empty for none.
	AssetFolder() (folder, name string)
}

// VocabularyKeeper is a layer with a vocabulary.
type VocabularyKeeper interface {
	// GetVocabulary returns the tokens, []string or []int, each at its index. Without
	// special ones, those for masks and unknown tokens are left out.
	GetVocabulary(special bool) any
	// WithVocabulary returns the layer with another vocabulary, a []string or []int,
	// with or without the special tokens at its start; weights are those of tf_idf.
	WithVocabulary(tokens any, weights []float64) (Layer, error)
	// VocabularyLen returns the number of tokens, special ones included.
	VocabularyLen() int
}

// Cardinal is a layer whose output, where it holds codes, has codes below a number that
// is known.
type Cardinal interface{ Cardinality() int }

// MomentKeeper is a layer that is told a mean and a variance, as Adapt finds them.
type MomentKeeper interface {
	WithMoments(mean, variance *tensor.Tensor) Layer
}
