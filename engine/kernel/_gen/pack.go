package main

import (
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// panelBytes is the length of a row of a packed panel: panelN numbers in package kernel.
const panelBytes = 4 * 32

// packs emits the copy of panels for matrix products. The rows that are copied lie far apart, where the hardware does not look ahead.
func packs(g *gen) {
	g.function("packPanel", "func(dst, src *float32, lds, rows int)", "rows of 32 numbers, lds bytes apart, are copied one after another.")
	dst, src, lds, rows := g.param("dst"), g.param("src"), g.param("lds"), g.param("rows")
	g.Label("row")
	for d := 0; d < panelBytes; d += 64 {
		g.PREFETCHT0(Mem{Base: src, Index: lds, Scale: 8, Disp: d})
	}
	var parts []vec
	for d := 0; d < panelBytes; d += g.bytes {
		parts = append(parts, g.loaded(Mem{Base: src, Disp: d}))
	}
	for i, v := range parts {
		g.VMOVUPS(v, Mem{Base: dst, Disp: i * g.bytes})
	}
	g.ADDQ(lds, src)
	g.ADDQ(U32(panelBytes), dst)
	g.DECQ(rows)
	g.JNZ(LabelRef("row"))
	g.end()
	packTransposed(g)
}

// packTransposed emits the same for a matrix whose rows become columns of the panel: squares of one vector's length go along as many rows.
func packTransposed(g *gen) {
	g.function("packTransposed", "func(dst, src *float32, lds, blocks int)", "square blocks, side by side in src, become a column of a panel; lds in bytes.")
	dst, src, lds, blocks := g.param("dst"), g.param("src"), g.param("lds"), g.param("blocks")
	n := g.lanes()
	rows := make([]reg.GPVirtual, n/4) // pointers to rows 0, 4, 8, 12
	lds3 := g.GP64()
	g.LEAQ(Mem{Base: lds, Index: lds, Scale: 2}, lds3)
	for i := range rows {
		rows[i] = src
		if i > 0 {
			rows[i] = g.GP64()
			g.LEAQ(Mem{Base: rows[i-1], Index: lds, Scale: 4}, rows[i])
		}
	}
	row := func(i, column int) Mem {
		m := Mem{Base: rows[i/4], Disp: 4 * column}
		switch i % 4 {
		case 1, 2:
			m.Index, m.Scale = lds, uint8(i%4)
		case 3:
			m.Index, m.Scale = lds3, 1
		}
		return m
	}
	g.Label("block")
	for i := range n {
		m := row(i, 0)
		m.Disp += 4 * n * 4
		g.PREFETCHT0(m)
	}
	for column := 0; column < n; column += 4 {
		var q [4]vec // in part p of q[i]: four columns of row 4p+i
		for i := range q {
			q[i] = g.v()
			g.VMOVUPS(row(i, column), q[i].AsX())
			for part := 1; part < n/4; part++ {
				if g.wide() {
					g.VINSERTF32X4(U8(part), row(4*part+i, column), q[i], q[i])
				} else {
					g.VINSERTF128(U8(part), row(4*part+i, column), q[i], q[i])
				}
			}
		}
		for i, v := range g.transpose4(q[0], q[1], q[2], q[3]) {
			g.VMOVUPS(v, Mem{Base: dst, Disp: (column + i) * panelBytes})
		}
	}
	g.ADDQ(U32(uint64(n*panelBytes)), dst)
	for _, r := range rows {
		g.ADDQ(Imm(uint64(4*n)), r)
	}
	g.DECQ(blocks)
	g.JNZ(LabelRef("block"))
	g.end()
}
