package oracle_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/kerasgo/kerasgo/kerasgo/optimizers/schedules"
)

type scheduleCase struct {
	Schedule json.RawMessage
	Steps    []int
	Rates    []num
}

// TestSchedules holds learning rates over many steps against Keras's.
func TestSchedules(t *testing.T) {
	all := newTally()
	for i, c := range loadCases[scheduleCase](t, "schedules") {
		s := decodeObject(t, "schedule", c.Schedule)
		all.count[className(s)]++
		t.Run(caseName(i, s), func(t *testing.T) {
			for k, step := range c.Steps {
				got, err := schedules.At(s, step)
				if err != nil {
					t.Fatal(err)
				}
				want := float64(c.Rates[k])
				e := math.Abs(got - want)
				all.worst["rate"] = max(all.worst["rate"], e)
				if !(e <= 1e-7+1e-6*math.Abs(want)) {
					t.Errorf("%s: step %d gives %v, want %v", c.Schedule, step, got, want)
				}
			}
		})
	}
	all.everyClass(t, "schedule")
	all.report(t)
}
