// Package features turns tables of mixed columns into numbers that a model learns from:
// Keras's utils.FeatureSpace.
//
//	space := keras.Must(features.New(features.Config{
//		Features: map[string]any{
//			"hour":        "integer_categorical",
//			"season":      features.StringCategorical{},
//			"temperature": "float_normalized",
//		},
//		Crosses: []features.Cross{{Features: []string{"hour", "season"}}},
//	}))
//	keras.Check(space.Adapt(columns)) // map[string]*tensor.Tensor
//	inputs, encoded, err := space.Graph()
//	…
//	model := keras.NewModel(inputs, keras.Apply(layers.Dense{Units: 1}, encoded))
package features
