package callbacks

import (
	"maps"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/spec"
)

// History collects the logs of every epoch. Fit adds one to every run and returns
// it, or the one among its callbacks, whose values of earlier runs stay.
type History struct {
	Base    `keras:"-"`
	Epoch   []int                `keras:"-"` // numbers of the epochs of the last run, from 0
	History map[string][]float64 `keras:"-"` // for each name in the logs, one value an epoch
	Params  Params               `keras:"-"`

	keys []string // in the order in which they came
}

func init() { spec.Register[History]("keras.callbacks") }

// OnTrainBegin starts a new list of epochs; values of an earlier run stay, as in
// Keras.
func (h *History) OnTrainBegin(Logs) error {
	h.Epoch = nil
	if h.History == nil {
		h.History = map[string][]float64{}
	}
	h.Params = h.Model().Params()
	return nil
}

// OnEpochEnd appends the logs.
func (h *History) OnEpochEnd(epoch int, logs Logs) error {
	h.Epoch = append(h.Epoch, epoch)
	for k, v := range logs {
		h.History[k] = append(h.History[k], v)
	}
	h.keys = h.Keys()
	return nil
}

// Keys returns the names in Keras's order: those of the first epoch sorted, a learning
// rate added by another callback last, then what later epochs added, such as results of a
// validation that is not done in every epoch.
func (h *History) Keys() []string {
	have := func(k string) bool { return slices.Contains(h.keys, k) }
	added := slices.DeleteFunc(slices.Collect(maps.Keys(h.History)), have)
	slices.SortFunc(added, func(a, b string) int {
		if la, lb := a == "learning_rate", b == "learning_rate"; la != lb {
			if la {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	return append(slices.Clone(h.keys), added...)
}

var _ Callback = (*History)(nil)
