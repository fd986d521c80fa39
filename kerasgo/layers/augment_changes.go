package layers

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/spec"
)

// changes makes the layers that RandAugment and AugMix choose from, all of one
// strength.
type changes struct {
	factor        span
	valueRange    [2]float64
	interpolation string
	seed          *int
	format        string
}

// list returns layers by short names, completed.
func (s changes) list(names ...string) []augmenter {
	f := s.factor.list()
	bits := max(1, int(maxBits*s.factor.hi))
	all := map[string]any{
		"shear":         RandomShear{XFactor: f, YFactor: f, Interpolation: s.interpolation, Seed: s.seed, DataFormat: s.format},
		"translation":   RandomTranslation{HeightFactor: f, WidthFactor: f, Interpolation: s.interpolation, Seed: s.seed, DataFormat: s.format},
		"rotation":      RandomRotation{Factor: f, Interpolation: s.interpolation, Seed: s.seed, DataFormat: s.format},
		"brightness":    RandomBrightness{Factor: f, ValueRange: s.valueRange, Seed: s.seed, DataFormat: s.format},
		"degeneration":  RandomColorDegeneration{Factor: f, ValueRange: s.valueRange, Seed: s.seed, DataFormat: s.format},
		"contrast":      RandomContrast{Factor: f, ValueRange: s.valueRange, Seed: s.seed, DataFormat: s.format},
		"sharpness":     RandomSharpness{Factor: f, ValueRange: s.valueRange, Seed: s.seed, DataFormat: s.format},
		"posterization": RandomPosterization{Factor: bits, ValueRange: s.valueRange, Seed: s.seed, DataFormat: s.format},
		"solarization":  Solarization{AdditionFactor: f, ThresholdFactor: f, ValueRange: s.valueRange, Seed: s.seed, DataFormat: s.format},
		"auto":          AutoContrast{ValueRange: s.valueRange, DataFormat: s.format},
		"equalization":  Equalization{ValueRange: s.valueRange, DataFormat: s.format},
	}
	var list []augmenter
	for _, name := range names {
		done, err := spec.CompleteAny(all[name])
		if err != nil {
			panic("layers: " + name + ": " + err.Error()) // the factor has been checked
		}
		list = append(list, done.(augmenter))
	}
	return list
}

// pick applies to x the transformation whose number is in which, a scalar, or none.
func pick(which graph.Value, list []transformation, x graph.Value) graph.Value {
	for i, f := range list {
		x = ops.Where(ops.EqualScalar(which, float64(i)), f(x), x)
	}
	return x
}
