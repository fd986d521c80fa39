//go:build amd64 && !noasm

package kernel

import (
	"runtime"
	"unsafe"
)

// gemmKernel computes tiles register tiles of C, one below the other: C[rows × columns] = Σ_{nb} Σ_{k} A·B, plus the matrix from (C itself, or one row with ldfrom
// 0) if it is not nil. Leading dimensions and strides are in bytes, k, nb and tiles at least 1. tail is the number of columns in the last, masked vector. Kernels of two vectors, for a transposed A or many rows, bring one cache
// line closer for each k, aheadStep bytes after the last, from ahead on.
type gemmKernel func(c, a, b *float32, lda, ldb, ldc, strideA, strideB, k, nb, tiles int, from *float32, ldfrom, tail int, ahead *float32, aheadStep int)

// gemmSet holds the kernels of one instruction set for one order of A, each by its number of rows - 1.
type gemmSet struct {
	lanes  int
	wide   []gemmKernel // four vectors of columns, for few rows
	full   []gemmKernel // two vectors
	ragged []gemmKernel // two vectors, the second one masked
	narrow []gemmKernel // one masked vector
}

// A block of A is copied to a buffer when its rows would fall into the same sets of the L1 cache: packRows × packK, or packK2 × packColumns if A is transposed.
const (
	packRows    = 12
	packK       = 256
	packLd      = packK + 16
	packK2      = 64
	packColumns = 48
	packSize    = max(packRows*packLd, packK2*packColumns)
)

// run computes the whole product.
func (s *gemmSet) run(g *Brgemm, c, a, b []float32, transA bool) {
	// Rows of A that lie a multiple of 2 KiB apart share one or two sets of the L1 cache, which has 8 to 12 ways.
	aliased := g.LdA != 0 && g.LdA%512 == 0
	switch {
	case aliased && transA && g.M >= packColumns && g.K >= 16 && len(s.full) < 12: // taller tiles use a cache line of A up at once
		s.runPackedTN(g, c, a, b)
	case aliased && !transA && g.M >= 4 && g.K >= 64 && g.N > panelN:
		s.runPackedNN(g, c, a, b)
	default:
		s.columns(g, c, a, b, transA)
	}
}

// runPackedNN multiplies blocks of rows of A copied to a buffer whose rows lie in different sets.
func (s *gemmSet) runPackedNN(g *Brgemm, c, a, b []float32) {
	var buffer [packSize]float32
	packed := unsafe.Slice(noescape(&buffer[0]), len(buffer))
	tiles := (g.M + packRows - 1) / packRows
	for tile := range tiles {
		i, end := tile*g.M/tiles, (tile+1)*g.M/tiles
		part := Brgemm{M: end - i, N: g.N, NB: 1, LdA: packLd, LdB: g.LdB, LdC: g.LdC, Accumulate: g.Accumulate, Bias: g.Bias}
		for n := range g.NB {
			for k := 0; k < g.K; k += packK {
				part.K = min(packK, g.K-k)
				for r := range part.M {
					copy(packed[r*packLd:][:part.K], a[n*g.StrideA+(i+r)*g.LdA+k:])
				}
				s.columns(&part, c[i*g.LdC:], packed, b[n*g.StrideB+k*g.LdB:], false)
				part.Accumulate, part.Bias = true, nil
			}
		}
	}
	runtime.KeepAlive(&buffer)
}

// runPackedTN does the same for blocks of columns of a transposed A.
func (s *gemmSet) runPackedTN(g *Brgemm, c, a, b []float32) {
	var buffer [packSize]float32
	packed := unsafe.Slice(noescape(&buffer[0]), len(buffer))
	for i := 0; i < g.M; i += packColumns {
		part := Brgemm{M: min(packColumns, g.M-i), N: g.N, NB: 1, LdA: packColumns, LdB: g.LdB, LdC: g.LdC, Accumulate: g.Accumulate, Bias: g.Bias}
		for n := range g.NB {
			for k := 0; k < g.K; k += packK2 {
				part.K = min(packK2, g.K-k)
				for r := range part.K {
					copy(packed[r*packColumns:][:part.M], a[n*g.StrideA+(k+r)*g.LdA+i:])
				}
				s.columns(&part, c[i*g.LdC:], packed, b[n*g.StrideB+k*g.LdB:], true)
				part.Accumulate, part.Bias = true, nil
			}
		}
	}
	runtime.KeepAlive(&buffer)
}

// columns walks over C in panels of columns.
func (s *gemmSet) columns(g *Brgemm, c, a, b []float32, transA bool) {
	for j := 0; j < g.N; {
		left := g.N - j
		var kernels []gemmKernel
		columns, tail := 2*s.lanes, s.lanes
		switch {
		case left >= 4*s.lanes && g.M <= len(s.wide):
			kernels, columns = s.wide, 4*s.lanes
		case left >= 2*s.lanes:
			kernels = s.full
		case left > s.lanes:
			kernels, columns, tail = s.ragged, left, left-s.lanes
		default:
			kernels, columns, tail = s.narrow, left, left
		}
		s.panel(g, kernels, c[j:], a, b[j:], g.Bias[min(j, len(g.Bias)):], transA, columns, tail)
		j += columns
	}
}

// callLimit is about the largest number of multiply-adds of one call: assembly cannot be preempted, see chunk.
const callLimit = 4 << 20

// panel computes one panel of columns: its rows are cut into tiles of nearly equal height.
func (s *gemmSet) panel(g *Brgemm, kernels []gemmKernel, c, a, b, bias []float32, transA bool, columns, tail int) {
	stepA := g.LdA
	if transA {
		stepA = 1
	}
	var from *float32
	ldFrom := 0
	switch {
	case g.Accumulate:
		from, ldFrom = &c[0], g.LdC
	case len(bias) > 0:
		from = &bias[0]
	}
	ahead, aheadStep := &b[0], 0
	if len(g.ahead) > 0 {
		ahead, aheadStep = &g.ahead[0], 64
	}
	tiles := (g.M + len(kernels) - 1) / len(kernels)
	rows, higher := g.M/tiles, g.M%tiles // the first tiles are one row higher
	i, used := 0, 0                      // rows, lines of what is ahead
	for _, part := range [2][2]int{{higher, rows + 1}, {tiles - higher, rows}} {
		height := part[1]
		most := max(1, callLimit/(height*columns*g.K*g.NB))
		for left := part[0]; left > 0; {
			n := min(left, most)
			left -= n
			if used > 0 && aheadStep > 0 {
				ahead = &g.ahead[min(16*used, len(g.ahead)-1)]
			}
			used += n * g.K * g.NB
			kernels[height-1](&c[i*g.LdC], &a[i*stepA], &b[0], 4*g.LdA, 4*g.LdB, 4*g.LdC, 4*g.StrideA, 4*g.StrideB, g.K, g.NB, n, from, 4*ldFrom, tail, ahead, aheadStep)
			i += n * height
			if g.Accumulate && i < g.M {
				from = &c[i*g.LdC]
			}
		}
	}
}

var (
	gemmNNSetAVX512 = gemmSet{lanes: 16, wide: gemmWideNNAVX512, full: gemmFullNNAVX512, ragged: gemmRaggedNNAVX512, narrow: gemmNarrowNNAVX512}
	gemmTNSetAVX512 = gemmSet{lanes: 16, wide: gemmWideTNAVX512, full: gemmFullTNAVX512, ragged: gemmRaggedTNAVX512, narrow: gemmNarrowTNAVX512}
	gemmNNSetAVX2   = gemmSet{lanes: 8, wide: gemmWideNNAVX2, full: gemmFullNNAVX2, ragged: gemmRaggedNNAVX2, narrow: gemmNarrowNNAVX2}
	gemmTNSetAVX2   = gemmSet{lanes: 8, wide: gemmWideTNAVX2, full: gemmFullTNAVX2, ragged: gemmRaggedTNAVX2, narrow: gemmNarrowTNAVX2}
)

func gemmAVX512(g Brgemm, transA bool, c, a, b []float32) {
	if transA {
		gemmTNSetAVX512.run(&g, c, a, b, true)
	} else {
		gemmNNSetAVX512.run(&g, c, a, b, false)
	}
}

func gemmAVX2(g Brgemm, transA bool, c, a, b []float32) {
	if transA {
		gemmTNSetAVX2.run(&g, c, a, b, true)
	} else {
		gemmNNSetAVX2.run(&g, c, a, b, false)
	}
}
