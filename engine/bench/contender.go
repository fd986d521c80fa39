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

// A contender is a command that trains the model and prints Keras's lines.
type contender struct {
	name   string
	shown  string // the command as a reader would type it
	args   []string
	epochs int
}

// A sample is what one run took. Times are in seconds unless the name says otherwise.
type sample struct {
	start    float64   // from the start of the process to the first epoch: imports, reading data, building, compiling
	epochs   []float64 // from an epoch's heading to its line of results
	steps    int       // of one epoch
	wall     float64   // the whole process
	rssMB    float64   // largest resident memory, 0 if the system does not tell
	accuracy float64   // on the test images, 0 if not reported
	stepMS   float64   // median of the steps as the contender timed them itself, 0 if it did not
	versions string
}

// selfReport is the line of JSON that a contender may print at last.
type selfReport struct {
	StepMS   float64 `json:"step_ms"`
	Accuracy float64 `json:"accuracy"`
	Versions string  `json:"versions"`
}

var (
	heading = regexp.MustCompile(`^Epoch (\d+)/(\d+)$`)
	results = regexp.MustCompile(`^(\d+)/(\d+) - \d`)
)

// run runs the command once.
func (c contender) run(ctx context.Context) (sample, error) {
	command := exec.CommandContext(ctx, c.args[0], c.args[1:]...)
	command.Stderr = os.Stderr
	command.Env = append(os.Environ(), "PYTHONUNBUFFERED=1") // else lines arrive late and together
	out, err := command.StdoutPipe()
	if err != nil {
		return sample{}, err
	}
	started := time.Now()
	if err := command.Start(); err != nil {
		return sample{}, err
	}
	s, parseErr := watch(out, func() float64 { return time.Since(started).Seconds() })
	if err := command.Wait(); err != nil {
		return sample{}, err
	}
	s.wall, s.rssMB = time.Since(started).Seconds(), peakMemory(command.ProcessState)
	if parseErr != nil {
		return sample{}, parseErr
	}
	if len(s.epochs) != c.epochs {
		return sample{}, fmt.Errorf("printed the results of %d epochs, not of %d: is it Keras's verbose=2 output?", len(s.epochs), c.epochs)
	}
	return s, nil
}

// watch reads a contender's output to its end and notes when the lines of interest arrive; clock gives the seconds since the start.
func watch(out io.Reader, clock func() float64) (sample, error) {
	var s sample
	begun, open := 0.0, false
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		now, line := clock(), strings.TrimSpace(lines.Text())
		switch {
		case heading.MatchString(line):
			if len(s.epochs) == 0 {
				s.start = now
			}
			begun, open = now, true
		case results.MatchString(line) && open:
			s.epochs, open = append(s.epochs, now-begun), false
			s.steps, _ = strconv.Atoi(results.FindStringSubmatch(line)[2])
		case strings.HasPrefix(line, "{"):
			var r selfReport
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				return s, fmt.Errorf("line of JSON: %w", err)
			}
			s.stepMS, s.accuracy, s.versions = r.StepMS, r.Accuracy, r.Versions
		}
	}
	return s, lines.Err()
}

// later is the time of an epoch once everything is warm: the mean of all but the first, or the first if it is the only one.
func (s sample) later() float64 {
	epochs := s.epochs
	if len(epochs) > 1 {
		epochs = epochs[1:]
	}
	sum := 0.0
	for _, e := range epochs {
		sum += e
	}
	return sum / float64(len(epochs))
}

// perStep is the time of a step in milliseconds, from the time of the later epochs: it holds all that belongs to a step, also what a contender
// would not count.
func (s sample) perStep() float64 { return 1e3 * s.later() / float64(max(s.steps, 1)) }
