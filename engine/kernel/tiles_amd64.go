//go:build amd64 && !noasm

package kernel

import (
	"fmt"
	"runtime"
	"unsafe"
)

// tileConfig is what LDTILECFG reads: the rows of each tile and their length in bytes.
type tileConfig struct {
	palette uint8
	_       [15]uint8 // where an interrupted load goes on, and reserved
	bytes   [16]uint16
	rows    [16]uint8
}

const (
	tileSide      = 16 // rows of a tile, and float32s or pairs of its rows
	tileCallLimit = 16 << 20
)

// set gives the tiles of one product their sizes: rows of A and C, columns of B and C, and k pairs.
func (t *tileConfig) set(rows, cols, k int) {
	*t = tileConfig{palette: 1}
	tile := func(i, rows, length int) {
		if rows > 0 && length > 0 {
			t.rows[i], t.bytes[i] = uint8(rows), uint16(4*length)
		}
	}
	for i := range 2 {
		m := min(tileSide, rows-i*tileSide)
		n := min(tileSide, cols-i*tileSide)
		tile(4+i, m, k)
		tile(6+i, k, n)
		tile(2*i, m, min(tileSide, cols))
		tile(2*i+1, m, cols-tileSide)
	}
}

// gemmTiles computes products of pairs with AMX: C in blocks of 2×2 tiles.
func gemmTiles(g Brgemm, transA bool, c, a, b []float32) {
	g.beginWithBias(c)
	if transA {
		gemmTilesTN(&g, c, a, b)
		return
	}
	steps := (g.K + tileSide - 1) / tileSide
	step := tileSide
	if g.K%steps == 0 {
		step = g.K / steps
	}
	whole := g.K / step * step
	g.tiles(c, a, b, step, whole/step)
	if rest := g.K - whole; rest > 0 {
		g.Accumulate = true
		g.tiles(c, a[whole:], b[whole*g.LdB:], rest, 1)
	}
}

// tiles multiplies the first steps·step pairs.
func (g *Brgemm) tiles(c, a, b []float32, step, steps int) {
	const side = 2 * tileSide
	for j := 0; j < g.N; j += side {
		cols := min(side, g.N-j)
		for i := 0; i < g.M; {
			rows, blocks := min(side, g.M-i), 1
			if rows == side {
				blocks = min(g.M/side-i/side, max(1, tileCallLimit/(2*side*cols*step*steps*g.NB)))
			}
			g.tileBlocks(c[i*g.LdC+j:], a[i*g.LdA:], b[j:], rows, cols, step, steps, blocks)
			i += rows * blocks
		}
	}
}

func (g *Brgemm) tileBlocks(c, a, b []float32, rows, cols, step, steps, blocks int) {
	var config tileConfig
	config.set(rows, cols, step)
	accumulate := 0
	if g.Accumulate {
		accumulate = 1
	}
	lda, ldb, ldc, strideA, strideB, stepA, stepB := 4*g.LdA, 4*g.LdB, 4*g.LdC, 4*g.StrideA, 4*g.StrideB, 4*step, 4*step*g.LdB
	switch { // direct calls: config stays on the stack
	case rows > tileSide && cols > tileSide:
		tile22AMX(&c[0], &a[0], &b[0], &config, lda, ldb, ldc, strideA, strideB, stepA, stepB, steps, g.NB, blocks, accumulate)
	case rows > tileSide:
		tile21AMX(&c[0], &a[0], &b[0], &config, lda, ldb, ldc, strideA, strideB, stepA, stepB, steps, g.NB, blocks, accumulate)
	case cols > tileSide:
		tile12AMX(&c[0], &a[0], &b[0], &config, lda, ldb, ldc, strideA, strideB, stepA, stepB, steps, g.NB, blocks, accumulate)
	default:
		tile11AMX(&c[0], &a[0], &b[0], &config, lda, ldb, ldc, strideA, strideB, stepA, stepB, steps, g.NB, blocks, accumulate)
	}
}

// A transposed A is turned, block by block: tiles have rows of neighbouring k.
const (
	turnRows = 2 * tileSide
	turnK    = 64
)

func gemmTilesTN(g *Brgemm, c, a, b []float32) {
	var buffer [turnRows * turnK]float32
	turned := unsafe.Slice(noescape(&buffer[0]), len(buffer))
	for i := 0; i < g.M; i += turnRows {
		rows := min(turnRows, g.M-i)
		accumulate := g.Accumulate
		for n := range g.NB {
			for k := 0; k < g.K; k += turnK {
				part := Brgemm{M: rows, N: g.N, K: min(turnK, g.K-k), NB: 1, LdA: turnK, LdB: g.LdB, LdC: g.LdC, Accumulate: accumulate}
				transposeAVX2(turned, turnK, a[n*g.StrideA+k*g.LdA+i:], g.LdA, part.K, rows)
				gemmTiles(part, false, c[i*g.LdC:], turned, b[n*g.StrideB+k*g.LdB:])
				accumulate = true
			}
		}
	}
	runtime.KeepAlive(&buffer)
}

// tableAMX is tableAVX512 with products of bfloat16 numbers by the tile unit.
func tableAMX() *table {
	t := tableAVX512()
	t.isa, t.gemmPairs, t.fastPairs, t.tiles = "amx", gemmTiles, true, true
	return t
}

// checkTiles compares the tile unit with the portable code, in some shapes that use every kernel, before it is used.
func checkTiles() error {
	for _, g := range []Brgemm{
		{M: 70, N: 37, K: 33, NB: 2}, {M: 33, N: 16, K: 20, NB: 1, Accumulate: true}, {M: 9, N: 32, K: 5, NB: 3}, {M: 16, N: 7, K: 16, NB: 1},
	} {
		g.LdA, g.LdB, g.LdC, g.StrideA, g.StrideB = g.K, g.N, g.N, g.M*g.K, g.K*g.N
		a, b := make([]float32, g.NB*g.M*g.K), make([]float32, g.NB*g.K*g.N)
		packPairsGeneric(a, numbers(2*len(a), 1))
		packPairsGeneric(b, numbers(2*len(b), 2))
		want := numbers(g.M*g.N, 3)
		got := append([]float32(nil), want...)
		gemmTiles(g, false, got, a, b)
		gemmPairsGeneric(g, false, want, a, b)
		for i, w := range want {
			if d := got[i] - w; !(d*d < 1e-4) {
				return fmt.Errorf("the tile unit is not used: element %d of a product %d×%d×%d is %v, portable code gives %v", i, g.M, g.N, 2*g.K, got[i], w)
			}
		}
	}
	return nil
}
