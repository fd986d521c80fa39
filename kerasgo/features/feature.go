package features

import (
	"fmt"
	"slices"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// Feature is a column with a preprocessing layer of one's own.
type Feature struct {
	DType        string // of the column: float32, int32, int64 or string
	Preprocessor any    // a layer, such as layers.TextVectorization{OutputMode: "tf_idf"}
	OutputMode   string // float: the layer's output as it is; int: codes; one_hot: codes, which are then encoded
}

// The kinds of columns. In Config.Features each may also be given by its name, such as
// "float_normalized", with every argument at its default.
type (
	// Float is a column of numbers that are taken as they are ("float").
	Float struct{}
	// FloatRescaled is x·Scale + Offset ("float_rescaled").
	FloatRescaled struct {
		Scale, Offset float64 // zero Scale means 1
	}
	// FloatNormalized has the column's mean and variance taken out ("float_normalized").
	FloatNormalized struct{}
	// FloatDiscretized sorts numbers into bins ("float_discretized").
	FloatDiscretized struct {
		NumBins       int       // zero means the space's NumDiscretizationBins, if there are no boundaries
		BinBoundaries []float64 // instead of NumBins: fixed ones
		OutputMode    string    // one_hot, which empty means, or int
	}
	// IntegerCategorical looks whole numbers up in a vocabulary ("integer_categorical").
	IntegerCategorical struct {
		MaxTokens     int    // zero means any number
		NumOOVIndices *int   // nil means 1
		OutputMode    string // one_hot, which empty means, or int
	}
	// StringCategorical looks words up in a vocabulary ("string_categorical").
	StringCategorical struct {
		MaxTokens     int    // zero means any number
		NumOOVIndices *int   // nil means 1
		OutputMode    string // one_hot, which empty means, or int
	}
	// IntegerHashed puts whole numbers into bins by their hash ("integer_hashed").
	IntegerHashed struct {
		NumBins    int    // zero means the space's HashingDim
		OutputMode string // one_hot, which empty means, or int
	}
	// StringHashed puts words into bins by their hash ("string_hashed").
	StringHashed struct {
		NumBins    int    // zero means the space's HashingDim
		OutputMode string // one_hot, which empty means, or int
	}
)

// kinds are the columns by name.
var kinds = map[string]kind{
	"float": Float{}, "float_rescaled": FloatRescaled{}, "float_normalized": FloatNormalized{}, "float_discretized": FloatDiscretized{},
	"integer_categorical": IntegerCategorical{}, "string_categorical": StringCategorical{}, "integer_hashed": IntegerHashed{}, "string_hashed": StringHashed{},
}

// kind is a column that knows its feature. Its layer is called name.
type kind interface {
	feature(name string, c *Config) Feature
}

func (f Feature) feature(string, *Config) Feature { return f }

func (Float) feature(name string, _ *Config) Feature {
	return Feature{"float32", layers.Identity{Name: name}, "float"}
}

func (f FloatRescaled) feature(name string, _ *Config) Feature {
	return Feature{"float32", layers.Rescaling{Scale: or(f.Scale, 1), Offset: f.Offset, Name: name}, "float"}
}

func (FloatNormalized) feature(name string, _ *Config) Feature {
	return Feature{"float32", layers.Normalization{Name: name}, "float"}
}

func (f FloatDiscretized) feature(name string, c *Config) Feature {
	d := layers.Discretization{BinBoundaries: f.BinBoundaries, Name: name}
	if f.BinBoundaries == nil || f.NumBins != 0 {
		d.NumBins = new(or(f.NumBins, c.NumDiscretizationBins))
	}
	return Feature{"float32", d, or(f.OutputMode, "one_hot")}
}

func (f IntegerCategorical) feature(name string, _ *Config) Feature {
	return Feature{"int32", layers.IntegerLookup{MaxTokens: most(f.MaxTokens), NumOOVIndices: f.NumOOVIndices, Name: name}, or(f.OutputMode, "one_hot")}
}

func (f StringCategorical) feature(name string, _ *Config) Feature {
	return Feature{"string", layers.StringLookup{MaxTokens: most(f.MaxTokens), NumOOVIndices: f.NumOOVIndices, Name: name}, or(f.OutputMode, "one_hot")}
}

func (f IntegerHashed) feature(name string, c *Config) Feature {
	return Feature{"int32", layers.Hashing{NumBins: or(f.NumBins, c.HashingDim), Name: name}, or(f.OutputMode, "one_hot")}
}

func (f StringHashed) feature(name string, c *Config) Feature {
	return Feature{"string", layers.Hashing{NumBins: or(f.NumBins, c.HashingDim), Name: name}, or(f.OutputMode, "one_hot")}
}

// or returns v, or otherwise if that is zero.
func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func most(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// column is a feature at work.
type column struct {
	name  string
	kind  Feature
	layer *keras.Layer
}

func newColumn(name string, v any, c *Config) (*column, error) {
	if s, ok := v.(string); ok {
		k, known := kinds[s]
		if !known {
			names := []string{}
			for n := range kinds {
				names = append(names, n)
			}
			slices.Sort(names)
			if hint := spec.Suggest(s, names); hint != "" {
				return nil, fmt.Errorf("feature %q: there is no kind %q; did you mean %q?", name, s, hint)
			}
			return nil, fmt.Errorf("feature %q: there is no kind %q; they are %v", name, s, names)
		}
		v = k
	}
	k, ok := v.(kind)
	if !ok {
		return nil, fmt.Errorf("feature %q is a %T; wanted is a name such as float_normalized, or a value of package features", name, v)
	}
	f := k.feature(name+"_preprocessor", c)
	if !slices.Contains([]string{"float", "int", "one_hot"}, f.OutputMode) {
		return nil, fmt.Errorf("feature %q: output_mode is %q; it is one of float, int, one_hot", name, f.OutputMode)
	}
	if f.Preprocessor == nil {
		return nil, fmt.Errorf("feature %q has no preprocessor", name)
	}
	return &column{name, f, keras.Share(f.Preprocessor)}, nil
}
