package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A sample is what one run of the whole notebook took: a process that reads the data, trains, evaluates and prints Keras's lines of verbose=2. Its epochs are
// timed from outside, by the arrival of these lines, so that no contender judges itself. Times are in seconds.
type sample struct {
	Contender string    `json:"contender"`
	Start     float64   `json:"start"`    // from the start of the process to the first epoch: imports, reading data, building, compiling
	Epochs    []float64 `json:"epochs"`   // from an epoch's heading to its line of results, validation included
	Steps     int       `json:"steps"`    // of one epoch
	Wall      float64   `json:"wall"`     // the whole process
	PeakMiB   float64   `json:"peak_mib"` // largest resident memory, 0 if the system does not tell
	Accuracy  float64   `json:"accuracy"` // on the test images, 0 if not reported
	Versions  string    `json:"versions"`
}

var (
	heading  = regexp.MustCompile(`^Epoch (\d+)/(\d+)$`)
	results  = regexp.MustCompile(`^(\d+)/(\d+) - \d`)
	accuracy = regexp.MustCompile(`^Test accuracy: ([\d.]+)$`)
)

// notebook trains once, in a process of its own.
func (r *runner) notebook(ctx context.Context, contender string) (sample, error) {
	epochs := strconv.Itoa(r.epochs)
	args := []string{r.kerasgo, "fit", "examples/mnist_cnn.yaml", "--epochs", epochs, "--bar", "line", "--no-save"}
	if contender != ours {
		args = []string{r.python, "engine/bench/keras_mnist.py", "--backend", strings.TrimPrefix(contender, "keras-"), "--epochs", epochs}
	}
	s, err := timeEpochs(exec.CommandContext(ctx, args[0], args[1:]...), r.epochs)
	s.Contender = contender
	return s, err
}

// timeEpochs runs a contender's command.
func timeEpochs(command *exec.Cmd, epochs int) (sample, error) {
	command.Env = append(os.Environ(), "PYTHONUNBUFFERED=1", "TF_CPP_MIN_LOG_LEVEL=3") // buffered lines would arrive late and together
	out, err := command.StdoutPipe()
	if err != nil {
		return sample{}, err
	}
	command.Stderr = command.Stdout // kerasgo's progress goes there
	started := time.Now()
	if err := command.Start(); err != nil {
		return sample{}, err
	}
	s, last, parseErr := watch(out, func() float64 { return time.Since(started).Seconds() })
	if err := command.Wait(); err != nil {
		return sample{}, fmt.Errorf("%v: %w; its last line: %s", command.Args, err, last)
	}
	s.Wall, s.PeakMiB = time.Since(started).Seconds(), peakMemory(command.ProcessState)
	if parseErr != nil {
		return sample{}, parseErr
	}
	if len(s.Epochs) != epochs {
		return sample{}, fmt.Errorf("%v printed the results of %d epochs, not of %d: is it Keras's verbose=2 output?", command.Args, len(s.Epochs), epochs)
	}
	return s, nil
}

// watch reads a contender's output to its end and notes when the lines of interest arrive; clock gives the seconds since the start.
func watch(out io.Reader, clock func() float64) (s sample, last string, err error) {
	begun, open := 0.0, false
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		now, line := clock(), strings.TrimSpace(lines.Text())
		last = line
		switch {
		case heading.MatchString(line):
			if len(s.Epochs) == 0 {
				s.Start = now
			}
			begun, open = now, true
		case results.MatchString(line) && open:
			s.Epochs, open = append(s.Epochs, now-begun), false
			s.Steps, _ = strconv.Atoi(results.FindStringSubmatch(line)[2])
		case accuracy.MatchString(line):
			s.Accuracy, err = strconv.ParseFloat(accuracy.FindStringSubmatch(line)[1], 64)
			if err != nil {
				return s, last, err
			}
		case strings.HasPrefix(line, "{"):
			var r struct {
				Accuracy float64 `json:"accuracy"`
				Versions string  `json:"versions"`
			}
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				return s, last, fmt.Errorf("line of JSON: %w", err)
			}
			s.Accuracy, s.Versions = r.Accuracy, r.Versions
		}
	}
	return s, last, lines.Err()
}

// later is the time of an epoch once everything is warm: the mean of all but the first, or the first if it is the only one.
func (s sample) later() float64 {
	epochs := s.Epochs
	if len(epochs) > 1 {
		epochs = epochs[1:]
	}
	sum := 0.0
	for _, e := range epochs {
		sum += e
	}
	return sum / float64(len(epochs))
}
