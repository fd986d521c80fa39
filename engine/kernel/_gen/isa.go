package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is one instruction set.
type isa struct {
	name   string // in file names and KERASGO_ISA
	suffix string // of functions
	bytes  int    // of a vector
}

// gen emits kernels for one instruction set. The methods in this file hide the difference between AVX2 and AVX-512; their operands come in
// the order of the formula, the destination last.
type gen struct {
	*build.Context
	isa
	constants map[string]int // values already in the constant pool
	tables    []string       // Go source appended to the stubs
	labels    int
}

type vec = reg.VecVirtual

// lanes is the number of float32 in a vector.
func (g *gen) lanes() int { return g.bytes / 4 }

func (g *gen) wide() bool { return g.bytes == 64 }

// v is a new vector register.
func (g *gen) v() vec {
	if g.wide() {
		return g.ZMM()
	}
	return g.YMM()
}

// function starts an assembly function with the instruction set's suffix.
func (g *gen) function(name, signature, doc string) {
	g.Function(name + g.suffix)
	g.Attributes(attr.NOSPLIT)
	g.Pragma("noescape")
	g.SignatureExpr(signature)
	g.Doc(name + g.suffix + ": " + doc)
}

// end closes a function: the upper halves must be clean, else SSE code that follows runs many times slower on some CPUs.
func (g *gen) end() {
	g.VZEROUPPER()
	g.RET()
}

// label returns a new label name.
func (g *gen) label(name string) string {
	g.labels++
	return fmt.Sprintf("%s%d", name, g.labels)
}

// param loads a parameter into a new general register.
func (g *gen) param(name string) reg.GPVirtual {
	r := g.GP64()
	g.Load(g.Param(name), r)
	return r
}

// base loads the data pointer of a slice parameter.
func (g *gen) base(name string) reg.GPVirtual {
	r := g.GP64()
	g.Load(g.Param(name).Base(), r)
	return r
}

// length loads the length of a slice parameter.
func (g *gen) length(name string) reg.GPVirtual {
	r := g.GP64()
	g.Load(g.Param(name).Len(), r)
	return r
}

// slot is the memory operand of a parameter.
func (g *gen) slot(name string) Mem {
	b, err := g.Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// broadcast loads a float32 parameter into all lanes.
func (g *gen) broadcast(name string) vec {
	r := g.v()
	g.VBROADCASTSS(g.slot(name), r)
	return r
}

// pool returns a full vector of a 32-bit constant in memory.
func (g *gen) pool(name string, bits uint32) Mem {
	key := fmt.Sprintf("%s_%08x", name, bits)
	m := NewDataAddr(Symbol{Name: key, Static: true}, 0)
	if _, ok := g.constants[key]; !ok {
		g.constants[key] = 1
		g.StaticGlobal(key)
		g.DataAttributes(attr.RODATA | attr.NOPTR)
		for range g.lanes() {
			g.AppendDatum(U32(bits))
		}
	}
	return m
}

// f is a float constant in memory, i an integer one.
func (g *gen) f(x float64) Mem { return g.pool("f", math.Float32bits(float32(x))) }
func (g *gen) i(x uint32) Mem  { return g.pool("i", x) }

// fv and iv load constants into new registers.
func (g *gen) fv(x float64) vec { return g.loaded(g.f(x)) }
func (g *gen) iv(x uint32) vec  { return g.loaded(g.i(x)) }

func (g *gen) loaded(m Mem) vec {
	r := g.v()
	g.VMOVUPS(m, r)
	return r
}

func (g *gen) zero() vec {
	r := g.v()
	g.clear(r)
	return r
}

func (g *gen) clear(r vec) {
	if g.wide() {
		g.VPXORD(r, r, r)
	} else {
		g.VXORPS(r, r, r)
	}
}

// mask selects lanes: an opmask or, on AVX2, a vector of all-ones lanes.
type mask struct {
	k reg.OpmaskVirtual
	v vec
}

// firstLanes makes the mask of the lanes below n (at most lanes()); n is kept.
func (g *gen) firstLanes(n reg.GPVirtual) mask {
	t := g.GP64()
	if g.wide() {
		g.MOVQ(I64(-1), t)
		g.SHLXQ(n, t, t)
		g.NOTQ(t)
		k := g.K()
		g.KMOVW(t.As32(), k)
		return mask{k: k}
	}
	if _, ok := g.constants["lanes"]; !ok {
		g.constants["lanes"] = 1
		g.StaticGlobal("lanes")
		g.DataAttributes(attr.RODATA | attr.NOPTR)
		for i := range 16 {
			g.AppendDatum(U32(uint32(0xffffffff * uint64((15-i)/8))))
		}
	}
	g.LEAQ(NewDataAddr(Symbol{Name: "lanes", Static: true}, 32), t)
	u := g.GP64()
	g.MOVQ(n, u)
	g.NEGQ(u)
	m := g.v()
	g.VMOVUPS(Mem{Base: t, Index: u, Scale: 4}, m)
	return mask{v: m}
}

// loadMasked loads the selected lanes and zeroes the others, without touching their memory.
func (g *gen) loadMasked(m Mem, k mask, dst vec) {
	if g.wide() {
		g.VMOVUPS_Z(m, k.k, dst)
	} else {
		g.VMASKMOVPS(m, k.v, dst)
	}
}

func (g *gen) storeMasked(src vec, k mask, m Mem) {
	if g.wide() {
		g.VMOVUPS(src, k.k, m)
	} else {
		g.VMASKMOVPS(src, k.v, m)
	}
}
