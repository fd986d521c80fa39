package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Elementwise kernels for NEON. A kernel's body is written in values that are assigned once, and gets its registers afterwards. Go's assembler knows few
// instructions on vectors of floats: they are printed as words, with the name beside them. NEON has no masks; the elements behind the last whole vector are
// loaded one by one into the first lane and go through the same body.

// value is a vector in a body: the number of the instruction that makes it, or, from firstFixed on, a register.
type value int

const (
	firstFixed = 1 << 20
	bodyRegs   = 14 // V0 … V13 hold values, the registers above constants and sums
	lastReg    = 31
	noValue    = value(-1)
)

// neonOp is one instruction of a body.
type neonOp struct {
	name  string
	word  uint32   // encoding without registers; 0: text
	text  string   // with %d for the register
	from  [3]value // operands n, m and, where the instruction changes its destination, what that holds before
	into  value    // a fixed register, or noValue
	store bool     // the register is the operand n
}

// neonKernel collects one function.
type neonKernel struct {
	out    bytes.Buffer
	ops    []neonOp
	consts []uint32 // bits, in the order of the table
	first  int      // constants from this register on are kept in registers
	taken  int      // registers above first that hold something else
}

func newNEONKernel(taken int) *neonKernel { return &neonKernel{first: bodyRegs, taken: taken} }

func (k *neonKernel) put(op neonOp) value {
	k.ops = append(k.ops, op)
	if op.into != noValue {
		return op.into
	}
	return value(len(k.ops) - 1)
}

// word appends an instruction on registers.
func (k *neonKernel) word(name string, bits uint32, n, m, before value) value {
	return k.put(neonOp{name: name, word: bits, from: [3]value{n, m, before}, into: noValue})
}

func (k *neonKernel) two(name string, bits uint32, n, m value) value {
	return k.word(name, bits, n, m, noValue)
}
func (k *neonKernel) one(name string, bits uint32, n value) value {
	return k.word(name, bits, n, noValue, noValue)
}

// fixed is a register that outlives bodies.
func fixed(reg int) value { return value(firstFixed + reg) }

// bits is a constant: kept in a register while there are some, else loaded.
func (k *neonKernel) bits(b uint32) value {
	i := slices.Index(k.consts, b)
	if i < 0 {
		i = len(k.consts)
		k.consts = append(k.consts, b)
	}
	if reg := k.first + i; reg <= lastReg-k.taken {
		return fixed(reg)
	}
	return k.put(neonOp{text: fmt.Sprintf("FMOVQ %d(R9), F%%d", 16*i), from: [3]value{noValue, noValue, noValue}, into: noValue})
}

func (k *neonKernel) f(x float64) value { return k.bits(math.Float32bits(float32(x))) }

func (k *neonKernel) add(a, b value) value      { return k.two("fadd", 0x4e20d400, a, b) }
func (k *neonKernel) sub(a, b value) value      { return k.two("fsub", 0x4ea0d400, a, b) }
func (k *neonKernel) mul(a, b value) value      { return k.two("fmul", 0x6e20dc00, a, b) }
func (k *neonKernel) div(a, b value) value      { return k.two("fdiv", 0x6e20fc00, a, b) }
func (k *neonKernel) greater(a, b value) value  { return k.two("fcmgt", 0x6ea0e400, a, b) }
func (k *neonKernel) notLess(a, b value) value  { return k.two("fcmge", 0x6e20e400, a, b) }
func (k *neonKernel) equal(a, b value) value    { return k.two("fcmeq", 0x4e20e400, a, b) }
func (k *neonKernel) and(a, b value) value      { return k.two("and", 0x4e201c00, a, b) }
func (k *neonKernel) or(a, b value) value       { return k.two("orr", 0x4ea01c00, a, b) }
func (k *neonKernel) orNot(a, b value) value    { return k.two("orn", 0x4ee01c00, a, b) }
func (k *neonKernel) andNot(a, b value) value   { return k.two("bic", 0x4e601c00, a, b) }
func (k *neonKernel) xor(a, b value) value      { return k.two("eor", 0x6e201c00, a, b) }
func (k *neonKernel) addInt(a, b value) value   { return k.two("add", 0x4ea08400, a, b) }
func (k *neonKernel) subInt(a, b value) value   { return k.two("sub", 0x6ea08400, a, b) }
func (k *neonKernel) maxNaN(a, b value) value   { return k.two("fmax", 0x4e20f400, a, b) }
func (k *neonKernel) minNaN(a, b value) value   { return k.two("fmin", 0x4ea0f400, a, b) }
func (k *neonKernel) abs(a value) value         { return k.one("fabs", 0x4ea0f800, a) }
func (k *neonKernel) neg(a value) value         { return k.one("fneg", 0x6ea0f800, a) }
func (k *neonKernel) sqrt(a value) value        { return k.one("fsqrt", 0x6ea1f800, a) }
func (k *neonKernel) nearest(a value) value     { return k.one("frintn", 0x4e218800, a) }
func (k *neonKernel) floor(a value) value       { return k.one("frintm", 0x4e219800, a) }
func (k *neonKernel) ceil(a value) value        { return k.one("frintp", 0x4ea18800, a) }
func (k *neonKernel) toInt(a value) value       { return k.one("fcvtns", 0x4e21a800, a) }
func (k *neonKernel) toFloat(a value) value     { return k.one("scvtf", 0x4e21d800, a) }
func (k *neonKernel) left(a value, n int) value { return k.one("shl", 0x4f005400|uint32(32+n)<<16, a) }
func (k *neonKernel) right(a value, n int) value {
	return k.one("sshr", 0x4f000400|uint32(64-n)<<16, a)
}

// fma is a·b + c, rounded once; fnma is c - a·b.
func (k *neonKernel) fma(a, b, c value) value  { return k.word("fmla", 0x4e20cc00, a, b, c) }
func (k *neonKernel) fnma(a, b, c value) value { return k.word("fmls", 0x4ea0cc00, a, b, c) }

// choose is yes where the mask's bits are set, else no.
func (k *neonKernel) choose(mask, yes, no value) value {
	return k.word("bsl", 0x6e601c00, yes, no, mask)
}

// load reads a vector, or one element into the first lane; store writes it.
func (k *neonKernel) load(reg string, offset int, single bool) value {
	return k.put(neonOp{text: fmt.Sprintf("%s %d(%s), F%%d", moveOf(single), offset, reg), from: [3]value{noValue, noValue, noValue}, into: noValue})
}

// loadRepeated reads one element into all lanes.
func (k *neonKernel) loadRepeated(reg string) value {
	return k.put(neonOp{text: fmt.Sprintf("VLD1R (%s), [V%%d.S4]", reg), from: [3]value{noValue, noValue, noValue}, into: noValue})
}

func (k *neonKernel) store(v value, reg string, offset int, single bool) {
	k.put(neonOp{text: fmt.Sprintf("%s F%%d, %d(%s)", moveOf(single), offset, reg), from: [3]value{v, noValue, noValue}, into: noValue, store: true})
}

func moveOf(single bool) string {
	if single {
		return "FMOVS"
	}
	return "FMOVQ"
}

// accumulate is reg = op(reg, v), or with fma's word reg += v·w.
func (k *neonKernel) accumulate(name string, bits uint32, reg int, v, w value) {
	op := neonOp{name: name, word: bits, from: [3]value{fixed(reg), v, noValue}, into: fixed(reg)}
	if w != noValue {
		op.from = [3]value{v, w, fixed(reg)}
	}
	k.put(op)
}

func (k *neonKernel) print(format string, args ...any) { fmt.Fprintf(&k.out, format+"\n", args...) }

// flush gives the values of the body their registers and prints it.
func (k *neonKernel) flush() {
	last := make([]int, len(k.ops))
	for i, op := range k.ops {
		for _, v := range op.from {
			if v >= 0 && v < firstFixed {
				last[v] = i
			}
		}
	}
	reg := make([]int, len(k.ops))
	var free []int
	for r := bodyRegs - 1; r >= 0; r-- {
		free = append(free, r)
	}
	at := func(v value) int {
		if v >= firstFixed {
			return int(v - firstFixed)
		}
		return reg[v]
	}
	for i, op := range k.ops {
		dies := func(v value) bool { return v >= 0 && v < firstFixed && last[v] == i }
		pop := func() int {
			if len(free) == 0 {
				panic("neon: a body needs more registers")
			}
			r := free[len(free)-1]
			free = free[:len(free)-1]
			return r
		}
		before, d := op.from[2], 0
		switch {
		case op.store:
			d = at(op.from[0])
			free = release(free, op.from[:2], at, dies)
		case op.into != noValue:
			d = at(op.into)
			free = release(free, op.from[:2], at, dies)
		case before == noValue: // the destination may be a register that an operand leaves
			free = release(free, op.from[:2], at, dies)
			d = pop()
		case dies(before) && before != op.from[0] && before != op.from[1]:
			d = at(before)
			free = release(free, op.from[:2], at, dies)
		default:
			d = pop()
			k.print("\tVORR V%d.B16, V%d.B16, V%d.B16", at(before), at(before), d)
			free = release(free, op.from[:], at, dies)
		}
		reg[i] = d
		if op.word == 0 {
			k.print("\t"+op.text, d)
			continue
		}
		word, names := op.word|uint32(d), []string{fmt.Sprintf("v%d", d)}
		for j, v := range op.from[:2] {
			if v != noValue {
				word |= uint32(at(v)) << [2]int{5, 16}[j]
				names = append(names, fmt.Sprintf("v%d", at(v)))
			}
		}
		k.print("\tWORD $0x%08x // %s %s", word, op.name, strings.Join(names, ", "))
	}
	k.ops = k.ops[:0]
}

// release frees the registers of values that are not read any more.
func release(free []int, from []value, at func(value) int, dies func(value) bool) []int {
	for i, v := range from {
		if v != noValue && dies(v) && !slices.Contains(from[:i], v) {
			free = append(free, at(v))
		}
	}
	return free
}
