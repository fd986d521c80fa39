package keras

import "time"

// SetClock makes progress bars of the model read the time from f.
func SetClock(m *Model, f func() time.Time) { m.clock = f }
