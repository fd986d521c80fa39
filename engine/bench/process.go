package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/engine/bench/workloads"
)

// process runs a worker or a peer and returns the line of JSON that it prints at last. What it says on standard error is shown only when it fails.
func process(ctx context.Context, env []string, args ...string) (result, error) {
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Env = append(os.Environ(), env...)
	var out, messages bytes.Buffer
	command.Stdout, command.Stderr = &out, &messages
	if err := command.Run(); err != nil {
		return result{}, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, lastLines(messages.String(), 12))
	}
	return parseResult(out.String())
}

// parseResult reads the last line, which must be a result with times in it.
func parseResult(out string) (result, error) {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var r result
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &r); err != nil {
		return r, fmt.Errorf("no line of JSON at the end of the output: %w", err)
	}
	if r.Contender == "" || r.Steps == 0 || r.MedianMS <= 0 {
		return r, errors.New("the line of JSON has no contender or no times")
	}
	return r, nil
}

// notAvailable is in the message of a worker whose workload needs what kerasgo does not have yet.
var notAvailable = workloads.ErrNotAvailable.Error() + ": "

// whyMissing is what such a message says behind these words.
func whyMissing(err error) string {
	_, why, _ := strings.Cut(err.Error(), notAvailable)
	why, _, _ = strings.Cut(why, "\n")
	return why
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// runner starts the contenders.
type runner struct {
	self    string // this program
	python  string // "" without peers
	dir     string // temporary
	kerasgo string // the command, built when a row needs it
	seconds float64
	epochs  int
}

// steps lets one contender do one row.
func (r *runner) steps(ctx context.Context, w row, contender string) (result, error) {
	batch, threads, seconds := strconv.Itoa(w.batch), strconv.Itoa(w.threads), fmt.Sprint(r.seconds)
	if contender == ours {
		return process(ctx, []string{"KERASGO_THREADS=" + threads}, r.self, "worker", "-workload", w.workload, "-mode", w.mode, "-batch", batch, "-seconds", seconds)
	}
	dir, err := r.exported(ctx, w.workload)
	if err != nil {
		return result{}, err
	}
	return process(ctx, nil, r.python, "engine/bench/peer.py", "--dir", dir, "--workload", w.workload, "--contender", contender,
		"--mode", w.mode, "--batch", batch, "--seconds", seconds, "--threads", threads)
}

// exported returns the folder with what peers need for a workload.
func (r *runner) exported(ctx context.Context, workload string) (string, error) {
	dir := r.dir + "/" + workload
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	out, err := exec.CommandContext(ctx, r.self, "worker", "-workload", workload, "-export", dir).CombinedOutput()
	if err != nil {
		os.RemoveAll(dir)
		return "", errors.New(strings.TrimSpace(string(out)))
	}
	return dir, nil
}
