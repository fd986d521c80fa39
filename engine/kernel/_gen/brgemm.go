package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A gemmShape is one register tile: rows × (vectors of columns), the last vector masked or not. Every number of rows from 1 to rows is generated, so
// that any M can be cut into tiles of nearly equal height.
type gemmShape struct {
	name    string
	rows    int
	vectors int
	masked  bool
	pairs   bool // the elements of A and B are pairs of bfloat16
}

func brgemm(g *gen) {
	shapes := []gemmShape{{"Wide", 2, 4, false, false}, {"Full", 6, 2, false, false}, {"Ragged", 6, 2, true, false}, {"Narrow", 8, 1, true, false}}
	if g.wide() {
		shapes = []gemmShape{{"Wide", 6, 4, false, false}, {"Full", 12, 2, false, false}, {"Ragged", 12, 2, true, false}, {"Narrow", 12, 1, true, false}}
	}
	for _, s := range shapes {
		g.brgemmShape(s)
	}
}

// brgemmShape emits the kernels of one shape, and the lists of them.
func (g *gen) brgemmShape(s gemmShape) {
	for _, trans := range []bool{false, true} {
		var names []string
		for rows := 1; rows <= s.rows; rows++ {
			names = append(names, g.brgemmTile(s, rows, trans))
		}
		table := "gemm" + s.name + order(trans) + g.suffix
		g.tables = append(g.tables, fmt.Sprintf("// %s holds the kernels of %d vectors by their number of rows - 1.\nvar %s = []gemmKernel{%s}\n",
			table, s.vectors, table, strings.Join(names, ", ")))
	}
}

// aheadRows is the least number of rows of the kernels for an A [m][k] that bring memory closer: with fewer rows they are bound by loads.
const aheadRows = 8

func order(trans bool) string {
	if trans {
		return "TN"
	}
	return "NN"
}

// brgemmTile emits one kernel: a column of tiles, one below the other, each C[rows × vectors·lanes] = Σ_nb Σ_k A·B, plus what
// lies from the pointer from on, if it is not nil. All distances are bytes.
func (g *gen) brgemmTile(s gemmShape, rows int, trans bool) string {
	name := fmt.Sprintf("gemm%s%s%d", s.name, order(trans), rows)
	g.function(name, "func(c, a, b *float32, lda, ldb, ldc, strideA, strideB, k, nb, tiles int, from *float32, ldfrom, tail int, ahead *float32, aheadStep int)",
		fmt.Sprintf("tiles of %d×%d, A %s, see gemmKernel.", rows, s.vectors*g.lanes(), map[bool]string{false: "[m][k]", true: "[k][m]"}[trans]))
	c, tileA, lda, ldb := g.param("c"), g.param("a"), g.param("lda"), g.param("ldb")
	var tail mask
	if s.masked {
		tail = g.firstLanes(g.param("tail"))
	}
	acc := make([][]vec, rows)
	for i := range acc {
		acc[i] = make([]vec, s.vectors)
		for j := range acc[i] {
			acc[i][j] = g.v()
		}
	}
	load := func(m Mem, j int, dst vec) {
		m.Disp += j * g.bytes
		if s.masked && j == s.vectors-1 {
			g.loadMasked(m, tail, dst)
		} else {
			g.VMOVUPS(m, dst)
		}
	}
	var lda3 reg.GPVirtual
	if !trans && rows >= 4 {
		lda3 = g.GP64()
		g.LEAQ(Mem{Base: lda, Index: lda, Scale: 2}, lda3)
	}

	var ahead reg.GPVirtual
	prefetches := s.vectors == 2 && (trans || rows >= aheadRows)
	if prefetches {
		ahead = g.param("ahead")
	}
	left := g.AllocLocal(8) // of nb: registers are few

	g.Label("tile")
	for i := range acc {
		for j := range acc[i] {
			g.clear(acc[i][j])
		}
	}
	g.prefetchTile(s, rows, c)
	nb := g.param("nb")
	g.MOVQ(nb, left)
	batchA, batchB := g.GP64(), g.param("b")
	g.MOVQ(tileA, batchA)

	g.Label("batch")
	b, k := g.GP64(), g.param("k")
	g.MOVQ(batchB, b)
	a := make([]reg.GPVirtual, (rows+3)/4) // pointers to rows 0, 4, 8
	if trans {
		a = a[:1]
	}
	for i := range a {
		a[i] = g.GP64()
		if i == 0 {
			g.MOVQ(batchA, a[0])
		} else {
			g.LEAQ(Mem{Base: a[i-1], Index: lda, Scale: 4}, a[i])
		}
	}
	elementA := func(i int) Mem {
		if trans {
			return Mem{Base: a[0], Disp: 4 * i}
		}
		m := Mem{Base: a[i/4]}
		switch i % 4 {
		case 1, 2:
			m.Index, m.Scale = lda, uint8(i%4)
		case 3:
			m.Index, m.Scale = lda3, 1
		}
		return m
	}

	g.Label("product")
	bv := make([]vec, s.vectors)
	for j := range bv {
		bv[j] = g.v()
		load(Mem{Base: b}, j, bv[j])
	}
	for j := 0; j < s.vectors*g.bytes && s.vectors > 1; j += 64 { // a narrow B is in the L1 cache anyway, and its kernels are bound by loads
		g.PREFETCHT0(Mem{Base: b, Index: ldb, Scale: 8, Disp: j})
	}
	if prefetches && trans { // rows of a transposed A lie far apart, where the hardware does not look ahead
		g.PREFETCHT0(Mem{Base: a[0], Index: lda, Scale: 8})
		if rows > 1 {
			g.PREFETCHT0(Mem{Base: a[0], Index: lda, Scale: 8, Disp: 4 * (rows - 1)})
		}
		g.PREFETCHT1(Mem{Base: a[0], Disp: 4 * (2*rows - 1)}) // of the next tile
	}
	for i := range acc {
		if g.wide() && s.vectors == 1 && !s.pairs { // used once only: a separate broadcast would cost as much as the product (Zen 4)
			g.VFMADD231PS_BCST(elementA(i), bv[0], acc[i][0])
			continue
		}
		av := g.v()
		g.VBROADCASTSS(elementA(i), av)
		for j := range bv {
			if s.pairs {
				g.VPDPWSSD(bv[j], av, acc[i][j])
			} else {
				g.VFMADD231PS(bv[j], av, acc[i][j])
			}
		}
	}
	if prefetches {
		g.PREFETCHT1(Mem{Base: ahead})
		g.ADDQ(g.slot("aheadStep"), ahead)
	}
	g.ADDQ(ldb, b)
	for i := range a {
		if trans {
			g.ADDQ(lda, a[i])
		} else {
			g.ADDQ(Imm(4), a[i])
		}
	}
	g.DECQ(k)
	g.JNZ(LabelRef("product"))

	g.ADDQ(g.slot("strideA"), batchA)
	g.ADDQ(g.slot("strideB"), batchB)
	g.DECQ(left)
	g.JNZ(LabelRef("batch"))

	ldc := g.param("ldc")
	p, ldfrom := g.param("from"), g.param("ldfrom")
	g.TESTQ(p, p)
	g.JE(LabelRef("store"))
	for i := range acc {
		for j := range acc[i] {
			if s.masked && j == s.vectors-1 {
				t := g.v()
				load(Mem{Base: p}, j, t)
				g.VADDPS(t, acc[i][j], acc[i][j])
			} else {
				g.VADDPS(Mem{Base: p, Disp: j * g.bytes}, acc[i][j], acc[i][j])
			}
		}
		g.ADDQ(ldfrom, p)
	}
	g.MOVQ(p, g.slot("from"))
	g.Label("store")
	for i := range acc {
		for j := range acc[i] {
			m := Mem{Base: c, Disp: j * g.bytes}
			if s.masked && j == s.vectors-1 {
				g.storeMasked(acc[i][j], tail, m)
			} else {
				g.VMOVUPS(acc[i][j], m)
			}
		}
		g.ADDQ(ldc, c)
	}
	if trans {
		g.ADDQ(Imm(uint64(4*rows)), tileA)
	} else {
		for range rows / 4 {
			g.LEAQ(Mem{Base: tileA, Index: lda, Scale: 4}, tileA)
		}
		for range rows % 4 {
			g.ADDQ(lda, tileA)
		}
	}
	g.DECQ(g.slot("tiles"))
	g.JNZ(LabelRef("tile"))
	g.end()
	return name + g.suffix
}

// prefetchTile brings the tile of C closer while it is computed, where that takes long enough.
func (g *gen) prefetchTile(s gemmShape, rows int, c reg.GPVirtual) {
	if s.vectors == 1 {
		return
	}
	const long = 64
	g.CMPQ(g.slot("k"), Imm(long))
	g.JL(LabelRef("near"))
	p, ldc := g.GP64(), g.param("ldc")
	g.MOVQ(c, p)
	for range rows {
		for d := 0; d < s.vectors*g.bytes; d += 64 {
			g.PREFETCHT0(Mem{Base: p, Disp: d})
		}
		g.ADDQ(ldc, p)
	}
	g.Label("near")
}
