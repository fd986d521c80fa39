package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"
)

// vectorFile collects the functions of elementwise_neon_arm64.{s,go}.
type vectorFile struct{ asm, stubs bytes.Buffer }

// neonLoop describes a kernel that goes along slices of one length, the first one's.
type neonLoop struct {
	name    string
	slices  []string // parameters, then
	scalars []string // float32s, after the slices unless scalarsFirst
	reads   []string // slices that are loaded
	writes  []string // slices that are stored
	unroll  int      // vectors of a pass

	sums   int      // registers of sums, each for one of the vectors of a pass
	start  uint32   // their first value
	result []string // the instructions that make one of four vectors of sums, and one number of it
	repeat bool     // single elements are loaded into all lanes: for sums that are no additions

	// body computes what is stored; reads come in their order, scalars likewise; u is the number of the vector, single tells of one element.
	body func(k *neonKernel, in, scalars []value, u int, single bool) []value
}

// The registers of the loop: R0 to R5 point into the slices, R8 counts, R9 is the table of constants. Scalars and sums have the last vector registers.
func (f *vectorFile) emit(l neonLoop) {
	taken := len(l.scalars) + l.sums
	k := newNEONKernel(taken)
	scalars := make([]value, len(l.scalars))
	for i := range scalars {
		scalars[i] = fixed(lastReg - i)
	}
	pointer := map[string]string{}
	for i, s := range l.slices {
		pointer[s] = fmt.Sprintf("R%d", i)
	}
	pass := func(vectors int, single bool) {
		var out [][]value
		for u := range vectors {
			var in []value
			for _, s := range l.reads {
				if single && l.repeat {
					in = append(in, k.loadRepeated(pointer[s]))
				} else {
					in = append(in, k.load(pointer[s], 16*u, single))
				}
			}
			out = append(out, l.body(k, in, scalars, u, single))
		}
		for u, values := range out {
			for i, s := range l.writes {
				k.store(values[i], pointer[s], 16*u, single)
			}
		}
		k.flush()
		bytes := 16 * vectors
		if single {
			bytes = 4
		}
		for _, s := range l.slices {
			k.print("\tADD $%d, %s", bytes, pointer[s])
		}
		elements := bytes / 4
		k.print("\tSUB $%d, R8", elements)
	}
	block := func(label, next string, vectors int, single bool) {
		elements := 4 * vectors
		if single {
			elements = 1
		}
		k.print("\tCMP $%d, R8\n\tBLT %s", elements, next)
		k.print("%s:", label)
		pass(vectors, single)
		k.print("\tCMP $%d, R8\n\tBGE %s", elements, label)
		k.print("%s:", next)
	}
	if l.unroll > 1 {
		block("many", "fewer", l.unroll, false)
	}
	block("vector", "rest", 1, false)
	block("element", "done", 1, true)
	f.print(l, k, scalars)
}

// print writes the function: parameters, constants, the loop and what is behind it.
func (f *vectorFile) print(l neonLoop, k *neonKernel, scalars []value) {
	signature, offset := "func "+l.name+"NEON(", 24*len(l.slices)
	signature += strings.Join(l.slices, ", ") + " []float32"
	if len(l.scalars) > 0 {
		signature += ", " + strings.Join(l.scalars, ", ") + " float32"
	}
	signature += ")"
	size := offset + 4*len(l.scalars)
	if l.sums > 0 {
		signature += " float32"
		size = (size + 7) / 8 * 8
	}
	fmt.Fprintf(&f.stubs, "//go:noescape\n%s\n\n", signature)
	w := func(format string, args ...any) { fmt.Fprintf(&f.asm, format+"\n", args...) }
	if len(k.consts) > 0 {
		w("")
		for i, bits := range k.consts {
			for lane := range 4 {
				w("DATA ·%sNEONConstants<>+%d(SB)/4, $0x%08x", l.name, 16*i+4*lane, bits)
			}
		}
		w("GLOBL ·%sNEONConstants<>(SB), RODATA|NOPTR, $%d", l.name, 16*len(k.consts))
	}
	total := size
	if l.sums > 0 {
		total += 4
	}
	w("\n// %s\nTEXT ·%sNEON(SB), NOSPLIT, $0-%d", signature, l.name, total)
	for i, s := range l.slices {
		w("\tMOVD %s_base+%d(FP), R%d", s, 24*i, i)
	}
	w("\tMOVD %s_len+8(FP), R8", l.slices[0])
	for i, s := range l.scalars {
		r := lastReg - i
		w("\tFMOVS %s+%d(FP), F%d\n\tVDUP V%d.S[0], V%d.S4", s, offset+4*i, r, r, r)
	}
	if len(k.consts) > 0 {
		w("\tMOVD $·%sNEONConstants<>(SB), R9", l.name)
		for i := range k.consts {
			if reg := k.first + i; reg <= lastReg-k.taken {
				w("\tFMOVQ %d(R9), F%d", 16*i, reg)
			}
		}
	}
	for i := range l.sums {
		r := sumReg(l, i)
		w("\tMOVD $0x%08x, R10\n\tVDUP R10, V%d.S4", l.start, r)
	}
	f.asm.Write(k.out.Bytes())
	for _, line := range l.result {
		w("\t%s", line)
	}
	if l.sums > 0 {
		w("\tFMOVS F0, ret+%d(FP)", size)
	}
	w("\tRET")
}

// sumReg is the register of a sum.
func sumReg(l neonLoop, i int) int { return lastReg - len(l.scalars) - i }

// write stores the two files.
func (f *vectorFile) write(out string) error {
	stubs, err := format.Source([]byte(neonHeader + "package kernel\n\n" + f.stubs.String()))
	if err != nil {
		return err
	}
	base := filepath.Join(out, "elementwise_neon_arm64")
	if err := os.WriteFile(base+".s", []byte(neonHeader+"#include \"textflag.h\"\n"+f.asm.String()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(base+".go", stubs, 0o644)
}
