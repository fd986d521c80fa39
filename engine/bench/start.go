package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// start is how long a whole process took that loads a saved model, predicts one digit and ends.
type start struct {
	Contender string  `json:"contender"`
	MS        float64 `json:"ms"`
	PeakMiB   float64 `json:"peak_mib"`
}

// starts runs one contender's process, kerasgo's several times, as it is short.
func (r *runner) starts(ctx context.Context, contender string) ([]start, error) {
	dir, err := r.exported(ctx, "cnn")
	if err != nil {
		return nil, err
	}
	args, times := []string{r.kerasgo, "predict", dir + "/model.keras", dir + "/one.npy"}, 10
	if contender != ours {
		args = []string{r.python, "engine/bench/peer.py", "--dir", dir, "--workload", "cnn", "--contender", contender, "--mode", "once", "--batch", "1"}
		times = 1
	}
	var list []start
	for range times {
		command := exec.CommandContext(ctx, args[0], args[1:]...)
		command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=") // a user's Python keeps its compiled files
		begun := time.Now()
		if out, err := command.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%v: %w\n%s", args, err, lastLines(string(out), 12))
		}
		list = append(list, start{contender, 1e3 * time.Since(begun).Seconds(), peakMemory(command.ProcessState)})
	}
	return list, nil
}
