package keras

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Adapt lets the layer learn from data before it is used: a vocabulary, boundaries, a
// mean and a variance. Each tensor is a batch; one tensor with all samples is the usual
// case. It works before the layer is part of a model, in which case Share makes it, and
// after:
//
//	vectorize := keras.Share(layers.TextVectorization{MaxTokens: 2000})
//	keras.Check(vectorize.Adapt(texts))
//	model.Add(vectorize)
//
// What was learned before is forgotten. A layer that was given what it would learn is an
// error.
func (l *Layer) Adapt(batches ...*tensor.Tensor) error {
	err := l.learn(func() (layers.Layer, error) {
		a, ok := l.desc.(layers.Adapter)
		if !ok {
			return nil, fmt.Errorf("a %s learns nothing from data apart from training", l.class)
		}
		if len(batches) == 0 || slices.Contains(batches, nil) {
			return nil, errors.New("there is no data")
		}
		return a.Adapted(batches...)
	})
	if err != nil {
		return fmt.Errorf("keras: Adapt: %s: %w", l.label(), err)
	}
	return nil
}

// learn replaces the layer's description by one that knows more.
func (l *Layer) learn(f func() (layers.Layer, error)) (err error) {
	defer recoverShape(&err)
	if l.err != nil {
		return l.err
	}
	if l.model != nil {
		return errors.New("it is a model; name one of its layers, as in outer/inner")
	}
	fresh, err := f()
	if err != nil {
		return err
	}
	if l.built {
		if err := l.sameSize(fresh); err != nil {
			return err
		}
	}
	old := l.desc
	l.desc = fresh
	if err := l.restart(); err != nil {
		l.desc = old
		return err
	}
	l.learned++
	return nil
}

// sameSize refuses another length of the output once there are weights that follow from
// it, as Keras does.
func (l *Layer) sameSize(fresh layers.Layer) error {
	for _, c := range l.uses() {
		now := *l
		now.desc = fresh
		specs, err := now.infer(c.manner, c.in)
		if err != nil {
			return err
		}
		for i, s := range specs {
			if before := c.out[i].shape; !fits(s.Shape, before) {
				return fmt.Errorf("its output has shape %v, and the model is built for it; with this data it would be %v", before, s.Shape)
			}
		}
	}
	return nil
}

// restart gives the weights of a layer that is built the starting values that its
// description now has.
func (l *Layer) restart() error {
	if uses := l.uses(); l.built && len(l.weights) > 0 && len(uses) > 0 {
		return l.restartFor(uses[0])
	}
	return nil
}

// uses lists the places of the layer in models.
func (l *Layer) uses() []*call {
	if l.linked != nil {
		return append(slices.Clone(l.calls), l.linked)
	}
	return l.calls
}

// GetVocabulary returns the layer's vocabulary: a []string, or of an IntegerLookup a
// []int, each token at its index.
func (l *Layer) GetVocabulary() (any, error) {
	k, ok := l.desc.(layers.VocabularyKeeper)
	if !ok {
		return nil, fmt.Errorf("keras: GetVocabulary: a %s has no vocabulary", l.class)
	}
	return k.GetVocabulary(true), nil
}

// SetVocabulary gives the layer a vocabulary, a []string, or for an IntegerLookup a
// []int, with or without the special tokens at its start; with output_mode tf_idf its
// weights too.
func (l *Layer) SetVocabulary(tokens any, idfWeights ...float64) error {
	err := l.learn(func() (layers.Layer, error) {
		k, ok := l.desc.(layers.VocabularyKeeper)
		if !ok {
			return nil, fmt.Errorf("a %s has no vocabulary", l.class)
		}
		return k.WithVocabulary(tokens, idfWeights)
	})
	if err != nil {
		return fmt.Errorf("keras: SetVocabulary: %s: %w", l.label(), err)
	}
	return nil
}

// VocabularySize returns the number of tokens, special ones included.
func (l *Layer) VocabularySize() (int, error) {
	k, ok := l.desc.(layers.VocabularyKeeper)
	if !ok {
		return 0, fmt.Errorf("keras: VocabularySize: a %s has no vocabulary", l.class)
	}
	return k.VocabularyLen(), nil
}
