package keras

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// traceEvent is an event of Chrome's Trace Event Format.
type traceEvent struct {
	Name     string         `json:"name"`
	Category string         `json:"cat,omitempty"`
	Phase    string         `json:"ph"`  // "X": has a beginning and a length, "M": names something
	Time     float64        `json:"ts"`  // µs
	Length   float64        `json:"dur"` // µs
	Process  int            `json:"pid"` // here a Program
	Thread   int            `json:"tid"` // here a worker
	Args     map[string]any `json:"args,omitempty"`
}

// WriteTrace writes the last runs of each profile in Chrome's Trace Event Format, one
// row for each worker: open the file in chrome://tracing or https://ui.perfetto.dev.
// Each profile begins at time 0.
func WriteTrace(w io.Writer, list []Profile) error {
	b := bufio.NewWriter(w)
	b.WriteString("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[")
	sep := "\n"
	put := func(e traceEvent) error {
		text, err := json.Marshal(e)
		if err != nil {
			return err
		}
		b.WriteString(sep)
		b.Write(text)
		sep = ",\n"
		return nil
	}
	for i := range list {
		if err := list[i].trace(i+1, put); err != nil {
			return fmt.Errorf("keras: WriteTrace: %w", err)
		}
	}
	b.WriteString("\n]}\n")
	return b.Flush()
}

// trace puts a profile's events under a process number.
func (l *Profile) trace(process int, put func(traceEvent) error) error {
	name := func(what string, worker int, value string) error {
		return put(traceEvent{Name: what, Phase: "M", Process: process, Thread: worker, Args: map[string]any{"name": value}})
	}
	if err := name("process_name", 0, l.title()); err != nil {
		return err
	}
	for w := range l.Times.Workers {
		if err := name("thread_name", w, fmt.Sprintf("worker %d", w)); err != nil {
			return err
		}
	}
	for _, e := range l.Trace {
		start := e.Start - l.Trace[0].Start
		err := put(traceEvent{
			Name: e.Name, Category: e.Scope, Phase: "X", Time: float64(start.Nanoseconds()) / 1e3, Length: float64(e.Time.Nanoseconds()) / 1e3,
			Process: process, Thread: e.Worker, Args: map[string]any{"layer": e.Scope, "run": e.Run, "phase": e.Phase, "chunk": e.Chunk},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
