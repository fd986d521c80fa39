// Feature_space trains on a table with columns of numbers and of words: a space of
// features learns how to encode each column, and a model reads what comes out.
//
//	go run ./examples/feature_space
package main

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
	"github.com/kerasgo/kerasgo/kerasgo/features"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

func main() {
	table := keras.Must(read("examples/bicycles.csv"))
	space, model, err := train(table)
	keras.Check(err)
	score := keras.Must(evaluate(space, model, table.Test))
	fmt.Printf("Test accuracy: %.4f\n", score["accuracy"])
	answer := keras.Must(space.Transform(map[string]*tensor.Tensor{
		"hour": tensor.From([]int64{8}, 1, 1), "weekday": tensor.From([]string{"mon"}, 1, 1), "season": tensor.From([]string{"summer"}, 1, 1),
		"temperature": tensor.From([]float32{21}, 1, 1), "wind": tensor.From([]float32{5}, 1, 1),
	}))
	busy := keras.Must(model.Predict(answer, keras.Predict{Verbose: keras.Silent}))
	fmt.Printf("Busy on a summer Monday at 8: %.2f\n", busy.Float64At(0))
}

// read returns the table's columns by name, of type (n, 1), and whether the station was
// busy: 0 or 1 (n).
func read(file string) (*data.Splits, error) {
	return data.CSV{
		Path:     file,
		Features: []string{"hour", "weekday", "season", "temperature", "wind"},
		DTypes:   map[string]string{"hour": "int64", "weekday": "string", "season": "string"},
		Target:   []string{"station"}, Classes: []string{"quiet", "busy"},
		TestSplit: 0.2, Seed: 1,
	}.Load("")
}

// train adapts a space to the table and fits a model to what the space makes of it.
func train(table *data.Splits) (*features.Space, *keras.Model, error) {
	space, err := features.New(features.Config{
		Features: map[string]any{
			"hour":        "integer_categorical",
			"weekday":     "string_categorical",
			"season":      features.StringCategorical{NumOOVIndices: new(0)},
			"temperature": "float_normalized",
			"wind":        features.FloatDiscretized{NumBins: 6},
		},
		Crosses: []features.Cross{{Features: []string{"weekday", "season"}, CrossingDim: 32}},
	})
	if err != nil {
		return nil, nil, err
	}
	rows := table.Train.X.(map[string]*tensor.Tensor)
	if err := space.Adapt(rows); err != nil {
		return nil, nil, err
	}
	x, err := space.Transform(rows)
	if err != nil {
		return nil, nil, err
	}
	model := keras.NewSequential(
		layers.Dense{Units: 32, Activation: "relu", InputShape: []int{x.Shape().Last()}},
		layers.Dropout{Rate: 0.2},
		layers.Dense{Units: 1, Activation: "sigmoid"},
	)
	err = model.Compile(keras.Compile{Optimizer: "adam", Loss: "binary_crossentropy", Metrics: []any{"accuracy"}})
	if err != nil {
		return nil, nil, err
	}
	_, err = model.Fit(x, table.Train.Y, keras.Fit{Epochs: 40, Verbose: keras.Silent})
	return space, model, err
}

func evaluate(space *features.Space, model *keras.Model, s *data.Split) (map[string]float64, error) {
	x, err := space.Transform(s.X.(map[string]*tensor.Tensor))
	if err != nil {
		return nil, err
	}
	return model.EvaluateDict(x, s.Y, keras.Evaluate{Verbose: keras.Silent})
}
