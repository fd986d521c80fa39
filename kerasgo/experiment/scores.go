package experiment

import (
	"context"
	"fmt"
	"io"
	"strings"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/data"
)

// Score is one value that was measured.
type Score struct {
	Name  string
	Value float64
}

// Measure evaluates a model on a split, with the arguments of the section evaluate.
func (e *Experiment) Measure(ctx context.Context, m *keras.Model, s *data.Split) ([]Score, error) {
	batch := 0
	if e.Evaluate != nil {
		batch = e.Evaluate.BatchSize
	}
	values, err := m.Evaluate(s.X, s.Y, keras.Evaluate{BatchSize: batch, Verbose: keras.Silent, SampleWeight: s.W, Context: ctx})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ErrInterrupted
		}
		return nil, err
	}
	var scores []Score
	for i, n := range m.MetricNames() {
		if i < len(values) {
			scores = append(scores, Score{n, values[i]})
		}
	}
	return scores, nil
}

// WriteScores prints scores, one a line: "Test accuracy: 0.9912".
func WriteScores(w io.Writer, split string, scores []Score) {
	for _, s := range scores {
		fmt.Fprintf(w, "%s %s: %.4f\n", strings.ToUpper(split[:1])+split[1:], s.Name, s.Value)
	}
}
