package run

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Place says which memory a buffer lies in.
type Place uint8

// The memories of a running Program.
const (
	Arena    Place = iota // the frame's own memory, at Offset
	Input                 // the tensor fed as input Index
	Variable              // the tensor of variable Index
	Constant              // the tensor T
	Nowhere               // no step touches it
	Heap                  // a tensor of the frame's own: strings, which no arena holds
)

// Buffer is one array of a Program. Several buffers may lie in the same memory,
// with other shapes.
type Buffer struct {
	Place  Place
	Index  int // of the input or variable
	Offset int // bytes from the start of the arena, a multiple of 64
	Spec   graph.Spec
	T      *tensor.Tensor // of a constant
}

// Step is one kernel call over the whole of its operands, split into chunks that
// may run at the same time. Buffers are named by their number.
type Step struct {
	Name    string // of the op or fused group
	Scope   string // path of the layer it came from
	Chunks  int
	Samples int   // if not 0, chunk i writes those of its outputs that belong to samples from i·Samples on, so many of them
	Scratch int   // float32s that one chunk needs
	FLOPs   int64 // floating-point operations of all chunks, as counted for a dense computation
	Bytes   int64 // of the operands read and written
	Run     func(f *Frame, chunk int, scratch []float32)
	Parts   []Step // when Run is nil: steps with as many chunks; each chunk is theirs, one after another
}

// Program is a compiled graph. It is immutable and may be run by any number of
// goroutines, each with a Frame of its own.
type Program struct {
	Inputs    []string // names, in the order of Buffer.Index
	Buffers   []Buffer
	Outputs   []int // buffers of the wanted values
	Phases    [][]Step
	Prepared  int     // the first phases, whose results stay until a variable changes; see VariablesChanged
	ArenaSize int     // bytes
	Assigns   bool    // whether some step writes a variable
	shared    bool    // whether more than one worker can be of use, but for what is prepared
	scratch   int     // float32s for each worker
	chunks    []int   // by phase
	first     [][]int // by phase and step: the phase's chunks before the step
	leaves    []leaf  // what is timed: steps and parts of steps, in order
	leaf      [][]int // by phase and step: index of the step's first leaf
}

// leaf is a step that does something itself.
type leaf struct {
	phase int
	step  *Step
}

// Finish works out what execution needs once all fields are set.
func (p *Program) Finish() {
	p.chunks = make([]int, len(p.Phases))
	p.first = make([][]int, len(p.Phases))
	p.leaf = make([][]int, len(p.Phases))
	for i, phase := range p.Phases {
		for k := range phase {
			s := &phase[k]
			p.first[i] = append(p.first[i], p.chunks[i])
			p.leaf[i] = append(p.leaf[i], len(p.leaves))
			p.chunks[i] += s.Chunks
			p.shared = p.shared || i >= p.Prepared && p.first[i][k]+s.Chunks > 1
			p.scratch = max(p.scratch, s.Scratch)
			if s.Run != nil {
				p.leaves = append(p.leaves, leaf{i, s})
			}
			for j := range s.Parts {
				p.leaves = append(p.leaves, leaf{i, &s.Parts[j]})
			}
		}
	}
}

// InputIndex returns the place of an input, or -1 when the Program has no use
// for it.
func (p *Program) InputIndex(name string) int {
	for i, n := range p.Inputs {
		if n == name {
			return i
		}
	}
	return -1
}

// String lists the phases and their steps.
func (p *Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "program: %d phases, arena %d bytes\n", len(p.Phases), p.ArenaSize)
	for i, phase := range p.Phases {
		for _, s := range phase {
			fmt.Fprintf(&b, "%3d  %-28s %4d chunks  %10d flops  %s\n", i, s.Name, s.Chunks, s.FLOPs, s.Scope)
			for _, part := range s.Parts {
				fmt.Fprintf(&b, "       · %-36s %12d flops  %s\n", part.Name, part.FLOPs, part.Scope)
			}
		}
	}
	return b.String()
}
