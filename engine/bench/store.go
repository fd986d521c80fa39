package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// store is what was measured so far, in a file, so that a long comparison may be done in pieces. Every piece replaces what it measures anew.
type store struct {
	Machine  machine           `json:"machine"`
	Pieces   []piece           `json:"pieces"`
	Steps    []result          `json:"steps,omitempty"`
	Notebook []sample          `json:"notebook,omitempty"`
	Start    []start           `json:"start,omitempty"`
	Kernels  []kernelSpeed     `json:"kernels,omitempty"`
	Growth   []growthPoint     `json:"growth,omitempty"`
	Missing  map[string]string `json:"missing,omitempty"` // by row: why kerasgo cannot do it yet
}

// piece is one command that measured something.
type piece struct {
	Of      string `json:"of"` // a row, "kernels" or "growth"
	Command string `json:"command"`
	Date    string `json:"date"`
}

// machine is where all of a store was measured.
type machine struct {
	CPU   string  `json:"cpu"`
	Cores int     `json:"cores"`
	ISA   string  `json:"isa"`
	Peak1 float64 `json:"peak_1"` // GFLOP/s of multiply-adds from registers, one thread
	Peak2 float64 `json:"peak_2"` // two threads together
	OS    string  `json:"os"`
	Go    string  `json:"go"`
}

// same reports whether two machines are one, as far as can be told.
func (m machine) same(o machine) bool {
	return m.CPU == o.CPU && m.Cores == o.Cores && m.ISA == o.ISA && m.OS == o.OS
}

// openStore reads the store, or begins one when there is none or when it is from another machine.
func openStore(path string) (*store, error) {
	here := thisMachine()
	s, err := openStoreFile(path)
	if err != nil {
		return nil, err
	}
	if !s.Machine.same(here) {
		s = &store{}
	}
	s.Machine = here
	return s, nil
}

// openStoreFile reads a store, an empty one where there is no file.
func openStoreFile(path string) (*store, error) {
	s := &store{}
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, s)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w (it is written by this command; delete it to begin anew)", path, err)
	}
	return s, nil
}

func (s *store) save(path string) error {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// note notes a piece that adds to what there is.
func (s *store) note(p piece) {
	delete(s.Missing, p.Of)
	if !slices.Contains(s.Pieces, p) {
		s.Pieces = append(s.Pieces, p)
	}
}

// begin notes a piece and forgets its earlier ones.
func (s *store) begin(p piece) {
	s.Pieces = slices.DeleteFunc(s.Pieces, func(o piece) bool { return o.Of == p.Of })
	s.note(p)
	s.Steps = slices.DeleteFunc(s.Steps, func(r result) bool { return r.Row == p.Of })
	switch p.Of {
	case "notebook":
		s.Notebook = nil
	case "start":
		s.Start = nil
	case "kernels":
		s.Kernels = nil
	case "growth":
		s.Growth = nil
	}
}

// miss notes that kerasgo cannot do a row.
func (s *store) miss(row, why string) {
	if s.Missing == nil {
		s.Missing = map[string]string{}
	}
	s.Missing[row] = why
}

func thisMachine() machine {
	peak1, peak2 := peaks()
	return machine{cpuName(), runtime.NumCPU(), isa(), peak1, peak2, runtime.GOOS + "/" + runtime.GOARCH, runtime.Version()}
}
