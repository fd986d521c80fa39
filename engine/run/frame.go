package run

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// Frame is the memory of one running Program: the arena and the views of it that
// steps use. It belongs to one caller at a time.
type Frame struct {
	prog  *Program
	arena []uint64         // keeps alive the arena and the workers' scratch memory
	T     []*tensor.Tensor // T[i] is buffer i
	F32   [][]float32      // F32[i] is buffer i when it is float32
	U8    [][]uint8        // U8[i] is buffer i when it is uint8

	spare   []*tensor.Tensor // by buffer: what was fed to an input before
	scratch [][]float32      // one for each worker
	workers atomic.Int32     // that may take part in this run
	epoch   atomic.Uint32
	next    []atomic.Uint64 // by phase, the side at last: epoch<<32 | chunks taken
	done    []atomic.Uint64 // by phase, the side at last: epoch<<32 | chunks finished
	failure atomic.Pointer[StepError]
	crew    crew // knows nobody if one worker alone runs the frame
	unfed   int  // inputs that have no tensor yet

	// Ahead is memory that the next RunSerial will touch. Steps that have time for it
	// bring some of it into the cache and take it off the list.
	Ahead [][]float32

	// Side is work of the caller's own for the next run, such as making the next batch
	// ready: workers do its chunks while they would wait at a barrier, and the rest at
	// the end. It must need nothing of this run. Run sets it to nil.
	Side  *Step
	aside atomic.Int64 // chunks of the side

	prepared bool   // the prepared phases have run
	version  uint64 // of the variables then

	Profile bool           // measure; see Times. Not to be changed during a run
	times   []int64        // by phase, the side at last, nanoseconds of all runs with Profile
	spent   []atomic.Int64 // by leaf, the side at last, nanoseconds of all chunks of all runs with Profile
	clock   clock

	lastSide *Step                 // of a run with Profile
	trace    [tracedRuns][][]Event // of the last runs with Profile, each by worker
}

const (
	align    = 64      // bytes: a cache line, a zmm register
	hugePage = 2 << 20 // bytes: a large page of amd64, and of arm64 with small pages of 4 KiB
)

// version counts the changes of variables of all Programs.
var version atomic.Uint64

// VariablesChanged must be called after tensors that are variables of frames were
// written to, other than by a Program: what frames have prepared from them is made
// anew in their next run.
func VariablesChanged() { version.Add(1) }

// NewFrame allocates the memory to run p on the given variables, whose tensors
// must stay the same ones for the frame's life; see VariablesChanged. Workers is the largest number of
// goroutines that will run it together.
func (p *Program) NewFrame(variables []*tensor.Tensor, workers int) (*Frame, error) {
	memory, base := alignedMemory(p.ArenaSize + workers*p.scratchSize())
	f := &Frame{
		prog:    p,
		arena:   memory,
		T:       make([]*tensor.Tensor, len(p.Buffers)),
		F32:     make([][]float32, len(p.Buffers)),
		U8:      make([][]uint8, len(p.Buffers)),
		spare:   make([]*tensor.Tensor, len(p.Buffers)),
		scratch: make([][]float32, workers),
		next:    make([]atomic.Uint64, len(p.Phases)+1),
		done:    make([]atomic.Uint64, len(p.Phases)+1),
		times:   make([]int64, len(p.Phases)+1),
		spent:   make([]atomic.Int64, len(p.leaves)+1),
	}
	for i := range p.Buffers {
		b := &p.Buffers[i]
		switch b.Place {
		case Arena:
			f.set(i, arenaTensor(unsafe.Add(base, b.Offset), b))
		case Heap:
			f.set(i, tensor.New(b.Spec.DType, b.Spec.Shape...))
		case Constant:
			f.set(i, b.T.Reshape(b.Spec.Shape...))
		case Variable:
			if b.Index >= len(variables) || variables[b.Index] == nil {
				return nil, fmt.Errorf("run: variable %d has no value", b.Index)
			}
			v := variables[b.Index]
			if v.DType() != b.Spec.DType || v.Size() != b.Spec.Shape.Size() {
				return nil, fmt.Errorf("run: variable %d: the program wants %v, got %v %v", b.Index, b.Spec, v.DType(), v.Shape())
			}
			f.set(i, v.Reshape(b.Spec.Shape...))
		case Input:
			f.unfed++
		}
	}
	for w := range f.scratch {
		at := unsafe.Add(base, (p.ArenaSize+align-1)/align*align+w*p.scratchSize())
		f.scratch[w] = unsafe.Slice((*float32)(at), p.scratch)
	}
	if workers > 1 && p.shared {
		f.crew.workers = make([]seat, workers)
	}
	for i := range f.trace {
		f.trace[i] = make([][]Event, workers)
	}
	return f, nil
}

// Workers returns how many may run the frame together.
func (f *Frame) Workers() int { return len(f.scratch) }

// scratchSize is the memory of one worker in bytes.
func (p *Program) scratchSize() int { return (4*p.scratch + align - 1) / align * align }

// alignedMemory returns memory and where in it size bytes begin that are aligned as arenas are: to a cache line, or to a large page if they fill some.
func alignedMemory(size int) (memory []uint64, base unsafe.Pointer) {
	to := align
	if size >= 2*hugePage {
		to = hugePage
	}
	memory = make([]uint64, (size+2*align+to)/8)
	base = unsafe.Pointer(unsafe.SliceData(memory))
	base = unsafe.Add(base, int(-uintptr(base)%uintptr(to)))
	if to == hugePage {
		wantHugePages(base, size)
	}
	return memory, base
}

func arenaTensor(p unsafe.Pointer, b *Buffer) *tensor.Tensor {
	n := b.Spec.Shape.Size()
	shape := append([]int{}, b.Spec.Shape...)
	switch b.Spec.DType {
	case tensor.Float32:
		return tensor.From(unsafe.Slice((*float32)(p), n), shape...)
	case tensor.Float64:
		return tensor.From(unsafe.Slice((*float64)(p), n), shape...)
	case tensor.Int32:
		return tensor.From(unsafe.Slice((*int32)(p), n), shape...)
	case tensor.Int64:
		return tensor.From(unsafe.Slice((*int64)(p), n), shape...)
	case tensor.Uint8:
		return tensor.From(unsafe.Slice((*uint8)(p), n), shape...)
	}
	panic(fmt.Sprintf("run: a %v value cannot lie in an arena", b.Spec.DType))
}

func (f *Frame) set(i int, t *tensor.Tensor) {
	f.T[i] = t
	switch t.DType() {
	case tensor.Float32:
		f.F32[i] = t.Float32s()
	case tensor.Uint8:
		f.U8[i] = tensor.Data[uint8](t)
	}
}

// SetInput feeds an input by its index. The tensor is used, not copied, until
// the next SetInput.
func (f *Frame) SetInput(index int, t *tensor.Tensor) error {
	for i := range f.prog.Buffers {
		b := &f.prog.Buffers[i]
		if b.Place != Input || b.Index != index {
			continue
		}
		if old := f.T[i]; old != nil && tensor.SameData(old, t) {
			continue // the same memory again: nothing to do, nothing to allocate
		}
		if other := f.spare[i]; other != nil && tensor.SameData(other, t) { // two batches in turn
			f.spare[i] = f.T[i]
			f.set(i, other)
			continue
		}
		if t.DType() != b.Spec.DType || t.Size() != b.Spec.Shape.Size() {
			return fmt.Errorf("run: input %q: the program wants %v, got %v %v", f.prog.Inputs[index], b.Spec, t.DType(), t.Shape())
		}
		if f.T[i] == nil {
			f.unfed--
		}
		f.spare[i] = f.T[i]
		f.set(i, t.Reshape(b.Spec.Shape...))
	}
	return nil
}

// ready returns an error when an input was never fed.
func (f *Frame) ready() error {
	if f.unfed == 0 {
		return nil
	}
	for i, b := range f.prog.Buffers {
		if b.Place == Input && f.T[i] == nil {
			return fmt.Errorf("run: input %q was not fed", f.prog.Inputs[b.Index])
		}
	}
	return nil
}

// Output returns the i-th wanted value. It lies in the frame and is overwritten
// by the next run.
func (f *Frame) Output(i int) *tensor.Tensor { return f.T[f.prog.Outputs[i]] }
