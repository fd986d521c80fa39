package applications

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// classIndexFile is what Keras calls the list of ImageNet's classes in its cache.
const classIndexFile = "imagenet_class_index.json"

// Prediction is a class of ImageNet with the score that a network gives it.
type Prediction struct {
	ID    string // in WordNet, such as n02504458
	Name  string // such as African_elephant
	Score float64
}

// DecodePredictions names the classes with the highest scores in each row of scores,
// (samples, 1000), best first; top is how many, 0 means 5. It reads the list of classes
// from Keras's cache, imagenet_class_index.json in the folder models.
func DecodePredictions(scores *tensor.Tensor, top int) ([][]Prediction, error) {
	fail := func(err error) ([][]Prediction, error) {
		return nil, fmt.Errorf("applications: DecodePredictions: %w", err)
	}
	path, err := cached(classIndexFile)
	if err != nil {
		return fail(err)
	}
	classes, err := ReadClassIndex(path)
	if err != nil {
		return fail(err)
	}
	return DecodeWith(classes, scores, top)
}

// DecodeWith is DecodePredictions with a list of classes; their scores are ignored.
func DecodeWith(classes []Prediction, scores *tensor.Tensor, top int) ([][]Prediction, error) {
	switch {
	case scores == nil:
		return nil, fmt.Errorf("applications: DecodePredictions: the scores are nil")
	case !scores.DType().Float() || len(scores.Shape()) != 2 || scores.Shape()[1] != len(classes):
		return nil, fmt.Errorf("applications: DecodePredictions: scores %v of type %v; wanted numbers of shape (samples, %d)", scores.Shape(), scores.DType(), len(classes))
	case top < 0:
		return nil, fmt.Errorf("applications: DecodePredictions: top %d is negative", top)
	case top == 0:
		top = 5
	}
	top = min(top, len(classes))
	out := make([][]Prediction, scores.Shape()[0])
	for row := range out {
		list := slices.Clone(classes)
		for i := range list {
			list[i].Score = scores.Float64At(row*len(classes) + i)
		}
		slices.Reverse(list) // of equal scores Keras lists the last class first
		slices.SortStableFunc(list, func(a, b Prediction) int {
			switch {
			case a.Score > b.Score:
				return -1
			case a.Score < b.Score:
				return 1
			}
			return 0
		})
		out[row] = list[:top]
	}
	return out, nil
}

// ReadClassIndex reads a list of classes as Keras keeps it: {"0": ["n01440764",
// "tench"], …}, every number from 0 on.
func ReadClassIndex(path string) ([]Prediction, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var index map[string][]string
	if err := json.Unmarshal(text, &index); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	classes := make([]Prediction, len(index))
	for i := range classes {
		c := index[fmt.Sprint(i)]
		if len(c) != 2 {
			return nil, fmt.Errorf("%s: class %d is %v; wanted [id, name]", path, i, c)
		}
		classes[i] = Prediction{ID: c[0], Name: c[1]}
	}
	return classes, nil
}
