package callbacks

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// monitor compares values of one entry of the logs.
type monitor struct {
	ready   bool
	up      bool
	minStep float64 // smallest change that counts
}

// start finds out which direction is better. In mode auto, "loss" should fall and
// the model knows its metrics.
func (m *monitor) start(class, name, mode string, minDelta float64, model Model) error {
	if m.ready {
		return nil
	}
	m.minStep = math.Abs(minDelta)
	switch mode {
	case "min":
	case "max":
		m.up = true
	default:
		metric := strings.TrimPrefix(name, "val_")
		up, known := model.MetricDirection(metric)
		if !known && metric != "loss" {
			return fmt.Errorf("%s: whether %q should rise or fall is not known: set mode to \"max\" or \"min\"", class, name)
		}
		m.up = known && up
	}
	m.ready = true
	return nil
}

// improved reports whether value is better than best by more than the smallest step.
// Everything is better than no best. The comparison is in float32, as in Keras.
func (m *monitor) improved(value float64, best *float64) bool {
	switch {
	case best == nil:
		return true
	case m.up:
		return float32(value-m.minStep) > float32(*best)
	}
	return float32(value+m.minStep) < float32(*best)
}

// names lists the keys of the logs for a message.
func names(logs Logs) string { return strings.Join(slices.Sorted(maps.Keys(logs)), ",") }
