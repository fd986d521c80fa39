package plan

import (
	"slices"

	"github.com/kerasgo/kerasgo/engine/run"
)

// tileProgram is a blockProgram over a part of a matrix. Rows of such a part do not
// lie side by side in memory: they are copied into block registers, and from there.
type tileProgram struct {
	blockProgram
	gathers []load // whole arrays that are read
}

// tiled returns the program for parts of a matrix.
func (p *blockProgram) tiled() *tileProgram {
	t := &tileProgram{blockProgram: blockProgram{size: p.size, regs: p.regs, loads: p.loads, stores: slices.Clone(p.stores)}}
	regOf := map[int]int{} // by buffer
	reg := func(buf int) (operand, bool) {
		r, ok := regOf[buf]
		if !ok {
			r = t.regs
			regOf[buf] = r
			t.regs++
		}
		return operand{operandReg, r}, !ok
	}
	for _, in := range p.code {
		in.in = slices.Clone(in.in)
		for k, o := range in.in {
			if o.kind != operandBuf {
				continue
			}
			var fresh bool
			if in.in[k], fresh = reg(o.id); fresh {
				t.gathers = append(t.gathers, load{reg: in.in[k].id, buf: o.id})
			}
		}
		if o := in.dst; o.kind == operandBuf {
			in.dst, _ = reg(o.id)
			t.stores = append(t.stores, load{reg: in.dst.id, buf: o.id})
		}
		t.code = append(t.code, in)
	}
	return t
}

// runArea computes an area of a matrix with cols columns, of at most blockSize
// columns; tile holds that of the product, without gaps.
func (p *tileProgram) runArea(f *run.Frame, cols int, a area, tile, scratch []float32) {
	each := max(1, blockSize/a.w)
	for i := 0; i < a.m; i += each {
		rows := min(each, a.m-i)
		n := rows * a.w
		at := func(row int) int { return (a.r+i+row)*cols + a.q }
		for _, l := range p.loads {
			l.fillRows(scratch[l.reg*blockSize:][:n], f.F32[l.buf], at(0), a.w, cols)
		}
		for _, l := range p.gathers {
			for row := range rows {
				copy(scratch[l.reg*blockSize+row*a.w:][:a.w], f.F32[l.buf][at(row):])
			}
		}
		p.execute(f, 0, n, tile[i*a.w:], scratch)
		for _, l := range p.stores {
			for row := range rows {
				copy(f.F32[l.buf][at(row):][:a.w], scratch[l.reg*blockSize+row*a.w:])
			}
		}
	}
}

// fillRows sets dst to rows of w elements, cols apart in the flat output, from
// position o on.
func (b broadcast) fillRows(dst, src []float32, o, w, cols int) {
	if len(b.axes) == 2 && b.axes[0].stride == 0 && b.axes[1].stride == 1 && b.axes[1].n == cols { // every row the same
		row := src[o%cols:][:w]
		for i := 0; i < len(dst); i += w {
			copy(dst[i:i+w], row)
		}
		return
	}
	for i := 0; i < len(dst); i += w {
		b.fill(dst[i:i+w], src, o+i/w*cols)
	}
}
