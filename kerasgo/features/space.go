package features

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Config holds the arguments of New. Zero means Keras's default.
type Config struct {
	Features              map[string]any // columns by name: the name of a kind, such as "float_normalized", or a value, such as StringCategorical{MaxTokens: 10}
	OutputMode            string         // concat, which empty means: all features side by side; dict: each by itself
	Crosses               []Cross        // combinations of columns
	CrossingDim           int            // bins of a cross that does not say; zero means 32
	HashingDim            int            // bins of hashed columns that do not say; zero means 32
	NumDiscretizationBins int            // bins of discretized columns that do not say; zero means 32
}

// Cross combines columns of codes: their values together are put into bins by their
// hash.
type Cross struct {
	Features    []string // names of the columns
	CrossingDim int      // bins; zero means the space's
	OutputMode  string   // one_hot, which empty means, or int
}

// name is what Keras calls the cross.
func (c Cross) name() string { return strings.Join(c.Features, "_X_") }

// Space encodes the columns of a table. It is not to be used by several goroutines
// before it was adapted.
type Space struct {
	config  Config
	columns []*column
	crosses []Cross
	model   *keras.Model
	inputs  []*keras.Symbol
	encoded map[string]*keras.Symbol // by column and cross
	all     *keras.Symbol            // side by side, with output mode concat
}

// New returns a space of features. Unless all of its columns are fixed, it must be
// adapted to data before it is used.
func New(c Config) (*Space, error) {
	s, err := newSpace(c, slices.Sorted(maps.Keys(c.Features)))
	if err != nil {
		return nil, fmt.Errorf("features: %w", err)
	}
	return s, nil
}

func newSpace(c Config, names []string) (*Space, error) {
	c.OutputMode = or(c.OutputMode, "concat")
	c.CrossingDim, c.HashingDim, c.NumDiscretizationBins = or(c.CrossingDim, 32), or(c.HashingDim, 32), or(c.NumDiscretizationBins, 32)
	s := &Space{config: c}
	switch {
	case len(names) == 0:
		return nil, errors.New("there are no features")
	case c.OutputMode != "concat" && c.OutputMode != "dict":
		return nil, fmt.Errorf("output_mode is %q; it is concat or dict", c.OutputMode)
	}
	for _, name := range names {
		f, err := newColumn(name, c.Features[name], &s.config)
		if err != nil {
			return nil, err
		}
		s.columns = append(s.columns, f)
	}
	for _, x := range c.Crosses {
		if len(x.Features) < 2 {
			return nil, fmt.Errorf("a cross of %v: it combines two features or more", x.Features)
		}
		for _, name := range x.Features {
			if s.column(name) == nil {
				return nil, fmt.Errorf("the cross %s names %q, which is no feature", x.name(), name)
			}
		}
		x.CrossingDim, x.OutputMode = or(x.CrossingDim, c.CrossingDim), or(x.OutputMode, "one_hot")
		if x.OutputMode != "one_hot" && x.OutputMode != "int" {
			return nil, fmt.Errorf("the cross %s: output_mode is %q; it is one_hot or int", x.name(), x.OutputMode)
		}
		s.crosses = append(s.crosses, x)
	}
	return s, nil
}

func (s *Space) column(name string) *column {
	for _, c := range s.columns {
		if c.name == name {
			return c
		}
	}
	return nil
}

// Preprocessor returns the layer of a column; nil if there is no such column.
func (s *Space) Preprocessor(name string) *keras.Layer {
	if c := s.column(name); c != nil {
		return c.layer
	}
	return nil
}

// adaptBatch is how many samples at a time layers learn from, as in Keras: boundaries of
// bins depend on it a little.
const adaptBatch = 32

// Adapt lets the columns' layers learn from a table: vocabularies, means, boundaries.
// Every column is (n) or (n, 1).
func (s *Space) Adapt(table map[string]*tensor.Tensor) error {
	for _, c := range s.columns {
		a, ok := c.layer.Description().(layers.Adapter)
		if !ok || a.Given() {
			continue
		}
		t := table[c.name]
		if t == nil {
			return fmt.Errorf("features: Adapt: there is no column %q", c.name)
		}
		var batches []*tensor.Tensor
		for from := 0; from < t.Len(); from += adaptBatch {
			part := t.Slice(from, min(from+adaptBatch, t.Len()))
			batches = append(batches, part.Reshape(append([]int{part.Len()}, max1(part.Shape()[1:])...)...))
		}
		if err := c.layer.Adapt(batches...); err != nil {
			return fmt.Errorf("features: Adapt: column %q: %w", c.name, err)
		}
	}
	s.model = nil
	return nil
}

// max1 adds an axis to the shape of a scalar.
func max1(s tensor.Shape) []int {
	if len(s) == 0 {
		return []int{1}
	}
	return s
}

// build makes the graph, once.
func (s *Space) build() error {
	if s.model != nil {
		return nil
	}
	for _, c := range s.columns {
		if a, ok := c.layer.Description().(layers.Adapter); ok && a.NeedsAdapt() {
			return fmt.Errorf("column %q has yet to learn; call Adapt first", c.name)
		}
	}
	s.inputs, s.encoded, s.all = nil, map[string]*keras.Symbol{}, nil
	codes := map[string]*keras.Symbol{}
	for _, c := range s.columns {
		in := keras.InputWith(layers.InputLayer{Shape: []int{1}, DType: c.kind.DType, Name: c.name})
		s.inputs = append(s.inputs, in)
		c.layer = keras.Share(c.layer.Description()) // without earlier calls
		codes[c.name] = c.layer.Call(in)
		y, err := encode(c.name, codes[c.name], c.layer, c.kind.OutputMode)
		if err != nil {
			return err
		}
		s.encoded[c.name] = y
	}
	for _, x := range s.crosses {
		var in []*keras.Symbol
		for _, name := range x.Features {
			in = append(in, codes[name])
		}
		crosser := keras.Share(layers.HashedCrossing{NumBins: x.CrossingDim, Name: x.name()})
		y, err := encode(x.name(), crosser.Call(in...), crosser, x.OutputMode)
		if err != nil {
			return err
		}
		s.encoded[x.name()] = y
	}
	outputs := s.inOrder()
	if s.config.OutputMode == "concat" {
		for i, y := range outputs {
			if !y.DType().Float() {
				return fmt.Errorf("%q holds codes (%v), which cannot stand beside numbers; give it the output mode one_hot, or the space the output mode dict", s.names()[i], y.DType())
			}
		}
		if s.all = outputs[0]; len(outputs) > 1 {
			s.all = keras.Apply(layers.Concatenate{}, outputs...)
		}
		outputs = []*keras.Symbol{s.all}
	}
	m := keras.NewModel(keras.List(s.inputs...), keras.List(outputs...)).Named("feature_space")
	if err := m.Build(); err != nil {
		return err
	}
	s.model = m
	return nil
}

// encode turns codes into rows with a one, where the mode says so.
func encode(name string, y *keras.Symbol, l *keras.Layer, mode string) (*keras.Symbol, error) {
	if mode != "one_hot" {
		return y, nil
	}
	c, ok := l.Description().(layers.Cardinal)
	if !ok || y.DType().Float() {
		return nil, fmt.Errorf("%q: one_hot needs a preprocessor that yields codes of a known number, %s does not; use the output mode float or int", name, l.Class())
	}
	return keras.Apply(layers.CategoryEncoding{NumTokens: c.Cardinality()}, y), nil
}

// names lists the columns and then the crosses, each sorted, as Keras orders them.
func (s *Space) names() []string {
	var columns, crosses []string
	for _, c := range s.columns {
		columns = append(columns, c.name)
	}
	for _, x := range s.crosses {
		crosses = append(crosses, x.name())
	}
	slices.Sort(columns)
	slices.Sort(crosses)
	return append(columns, crosses...)
}

func (s *Space) inOrder() []*keras.Symbol {
	var list []*keras.Symbol
	for _, name := range s.names() {
		list = append(list, s.encoded[name])
	}
	return list
}

// Graph returns the inputs of a model, one for each column, by its name, and the encoded
// features side by side. The model shares the space's layers, with what they learned.
func (s *Space) Graph() (inputs keras.Symbols, encoded *keras.Symbol, err error) {
	if err := s.build(); err != nil {
		return nil, nil, fmt.Errorf("features: Graph: %w", err)
	}
	if s.all == nil {
		return nil, nil, errors.New("features: Graph: with the output mode dict the features are apart; use GraphByName")
	}
	return keras.List(s.inputs...), s.all, nil
}

// GraphByName is Graph for features apart: by the names of columns and of crosses, which
// are called a_X_b.
func (s *Space) GraphByName() (inputs keras.Symbols, encoded map[string]*keras.Symbol, err error) {
	if err := s.build(); err != nil {
		return nil, nil, fmt.Errorf("features: GraphByName: %w", err)
	}
	return keras.List(s.inputs...), maps.Clone(s.encoded), nil
}

// Transform encodes a table: (n, width) with all features side by side.
func (s *Space) Transform(table map[string]*tensor.Tensor) (*tensor.Tensor, error) {
	out, err := s.transform(table)
	switch {
	case err != nil:
		return nil, fmt.Errorf("features: Transform: %w", err)
	case s.all == nil:
		return nil, errors.New("features: Transform: with the output mode dict the features are apart; use TransformByName")
	}
	return out[0], nil
}

// TransformByName encodes a table with the output mode dict: every feature by itself.
func (s *Space) TransformByName(table map[string]*tensor.Tensor) (map[string]*tensor.Tensor, error) {
	out, err := s.transform(table)
	switch {
	case err != nil:
		return nil, fmt.Errorf("features: TransformByName: %w", err)
	case s.all != nil:
		return nil, errors.New("features: TransformByName: with the output mode concat the features are side by side; use Transform")
	}
	m := map[string]*tensor.Tensor{}
	for i, name := range s.names() {
		m[name] = out[i]
	}
	return m, nil
}

func (s *Space) transform(table map[string]*tensor.Tensor) ([]*tensor.Tensor, error) {
	if err := s.build(); err != nil {
		return nil, err
	}
	x := map[string]*tensor.Tensor{}
	for _, c := range s.columns { // a table may have more columns
		x[c.name] = table[c.name]
	}
	return s.model.PredictAll(x, keras.Predict{BatchSize: 1024, Verbose: keras.Silent})
}
