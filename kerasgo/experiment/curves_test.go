package experiment

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gonum.org/v1/plot/plotter"

	keras "github.com/kerasgo/kerasgo/kerasgo"

	"github.com/kerasgo/kerasgo/spec"
)

func TestCurves(t *testing.T) {
	h := &keras.History{Epoch: []int{2, 3, 4, 5}, History: map[string][]float64{
		"loss": {1, math.NaN(), math.Inf(1), 0.25}, "val_loss": {0.9, 0.6}, "accuracy": {math.NaN(), math.NaN(), math.NaN(), math.NaN()},
	}}
	validated := (&Fit{ValidationFreq: spec.Ints{2}}).validates
	svg, err := Curves(h, validated)
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal("no XML:", err)
		}
	}
	// What can't be drawn is left out, and validation lies at the epochs it was done.
	if diff := cmp.Diff(plotter.XYs{{X: 3, Y: 1}, {X: 6, Y: 0.25}}, xys(h, "loss", validated)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(plotter.XYs{{X: 4, Y: 0.9}, {X: 6, Y: 0.6}}, xys(h, "val_loss", validated)); diff != "" {
		t.Error(diff)
	}
	if svg, err := Curves(&keras.History{}, validated); svg != nil || err != nil {
		t.Errorf("an empty history gives %d bytes, %v", len(svg), err)
	}
}
