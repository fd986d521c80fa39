// Command gen writes the assembly of package kernel (engine/kernel): for every family of kernels and every instruction set one assembly file and one Go file
// with the declarations. Run it with go generate in the package's folder; the flag -out writes elsewhere, to compare.
package main

import (
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

// constraint guards all generated files (a comma is "and" in the old syntax that avo reads).
const constraint = "amd64,!noasm"

// families lists the generators by the name of their files.
var families = []struct {
	name string
	emit func(g *gen)
}{
	{"brgemm", brgemm},
	{"elementwise", elementwise},
	{"transcendental", transcendental},
	{"reduce", reductions},
	{"rows", rows},
	{"optimizer", optimizers},
	{"transpose", transpose},
	{"philox", philox},
	{"pool", pool},
	{"peak", peak},
	{"window", window},
	{"sparse", sparse},
	{"winograd", winograd},
	{"norm", norm},
	{"layernorm", layerNorm},
	{"pack", packs},
	{"attention", attention},
	{"gates", gates},
	{"bfloat16", bfloat16},
}

func main() {
	log.SetFlags(0)
	flags := flag.NewFlagSet("gen", flag.ExitOnError) // avo occupies the global one
	out := flags.String("out", "..", "folder to write to")
	flags.Parse(os.Args[1:])
	for _, isa := range []isa{{"avx512", "AVX512", 64}, {"avx2", "AVX2", 32}} {
		for _, f := range families {
			if err := write(*out, f.name, isa, f.emit); err != nil {
				log.Fatalf("%s %s: %v", f.name, isa.name, err)
			}
		}
	}
	if err := writeTiles(*out); err != nil {
		log.Fatalf("amx: %v", err)
	}
	for _, write := range []func(out string) error{writeNEON, writeVectors} {
		if err := write(*out); err != nil {
			log.Fatalf("neon: %v", err)
		}
	}
}

// highRegister matches the vector registers that only AVX-512 has; avo's allocator takes them when the others are used up.
var highRegister = regexp.MustCompile(`\b[XY](1[6-9]|2[0-9]|3[01])\b`)

// write runs one generator for one instruction set.
func write(out, family string, isa isa, emit func(g *gen)) error {
	g := &gen{Context: build.NewContext(), isa: isa, constants: map[string]int{}}
	g.ConstraintExpr(constraint)
	emit(g)
	file, err := g.Result()
	if err != nil {
		return err
	}
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	if len(file.Functions()) == 0 {
		return nil
	}
	for _, f := range file.Functions() {
		dropSelfMoves(f)
	}
	cfg := printer.Config{Name: "engine/kernel/_gen", Pkg: "kernel"}
	asm, err := printer.NewGoAsm(cfg).Print(file)
	if err != nil {
		return err
	}
	asm = encodeDotProducts(asm)
	if !g.wide() {
		if high := highRegister.Find(asm); high != nil {
			return fmt.Errorf("register %s exists on AVX-512 only: the kernel needs too many", high)
		}
	}
	stubs, err := printer.NewStubs(cfg).Print(file)
	if err != nil {
		return err
	}
	stubs, err = format.Source(append(stubs, strings.Join(g.tables, "\n")...))
	if err != nil {
		return err
	}
	base := filepath.Join(out, fmt.Sprintf("%s_%s_amd64", family, isa.name))
	if err := os.WriteFile(base+".s", asm, 0o644); err != nil {
		return err
	}
	return os.WriteFile(base+".go", stubs, 0o644)
}

// dropSelfMoves removes the vector moves that register allocation has made void.
func dropSelfMoves(f *ir.Function) {
	f.Nodes = slices.DeleteFunc(f.Nodes, func(n ir.Node) bool {
		i, ok := n.(*ir.Instruction)
		return ok && i.Opcode == "VMOVAPS" && len(i.Operands) == 2 && i.Operands[0] == i.Operands[1]
	})
}
