package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// poolByHand does bias, relu and max pooling one after the other.
func poolByHand(src, bias []float32, h, w, c int, relu bool) (dst []float32) {
	at := func(i, j, ch int) float32 {
		v := src[(i*w+j)*c+ch] + bias[ch]
		if relu && v <= 0 {
			return 0
		}
		return v
	}
	for i := range h / 2 {
		for j := range w / 2 {
			for ch := range c {
				m := at(2*i, 2*j, ch)
				for _, v := range []float32{at(2*i, 2*j+1, ch), at(2*i+1, 2*j, ch), at(2*i+1, 2*j+1, ch)} {
					if v > m || v != v {
						m = v
					}
				}
				dst = append(dst, m)
			}
		}
	}
	return dst
}

func TestPool(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(8, 8))
		for n := range 400 {
			h, w, c, relu := r.IntN(7), r.IntN(7), 1+r.IntN(40), n%2 == 0
			src, checkSrc := guarded(t, r, h*w*c, r.IntN(5))
			bias, _ := guarded(t, r, c, r.IntN(5))
			if n%4 < 2 {
				mixed(r, src)
			}
			pooled := (h / 2) * (w / 2) * c
			dst, check := guarded(t, r, pooled, r.IntN(5))
			code := slices.Repeat([]uint8{99}, pooled+40)
			BiasReluMaxPool2x2(dst, code[:pooled:pooled], src, bias, h, w, c, relu)
			check()
			checkSrc()
			compareSlices(t, "pool", dst, poolByHand(src, bias, h, w, c, relu))
			for i, k := range code {
				if i >= pooled {
					if k != 99 {
						t.Fatalf("code %d behind the end was overwritten", i-pooled)
					}
					continue
				}
				checkCode(t, src, bias, dst[i], k, i, w, c, relu)
			}

			dp, _ := guarded(t, r, pooled, r.IntN(5))
			dy, check := guarded(t, r, h*w*c, r.IntN(5))
			Unpool2x2(dy, dp, code[:pooled:pooled], h, w, c)
			check()
			want := make([]float32, h*w*c)
			for i, k := range code[:pooled] {
				if k < Dead {
					want[window2x2(i, int(k), w, c)] = dp[i]
				}
			}
			compareSlices(t, "unpool", dy, want)
		}
	})
}

// window2x2 is the index in the image of element k of the window of pooled element i.
func window2x2(i, k, w, c int) int {
	wo := w / 2
	row, column, ch := i/c/wo, i/c%wo, i%c
	return ((2*row+k/2)*w+2*column+k%2)*c + ch
}

// checkCode tests that k is the first maximum (or the first NaN) of its window, or Dead.
func checkCode(t *testing.T, src, bias []float32, value float32, k uint8, i, w, c int, relu bool) {
	t.Helper()
	if relu && value == 0 {
		if k != Dead {
			t.Fatalf("element %d is dead, code %d", i, k)
		}
		return
	}
	best := 0
	for j := 1; j < 4; j++ {
		v, m := src[window2x2(i, j, w, c)], src[window2x2(i, best, w, c)]
		if m == m && (v > m || v != v) {
			best = j
		}
	}
	if int(k) != best {
		t.Fatalf("element %d: code %d, want %d", i, k, best)
	}
	if v := src[window2x2(i, best, w, c)] + bias[i%c]; !same(v, value) {
		t.Fatalf("element %d: %v, want %v", i, value, v)
	}
}

func TestPoolNaN(t *testing.T) {
	onEach(t, func(t *testing.T) {
		nan := float32(math.NaN())
		for k := range 4 {
			src := []float32{5, 6, 7, 8}
			src[k] = nan
			dst, code := make([]float32, 1), make([]uint8, 1)
			BiasReluMaxPool2x2(dst, code, src, []float32{0}, 2, 2, 1, true)
			if dst[0] == dst[0] || int(code[0]) != k {
				t.Errorf("NaN at %d: value %v, code %d", k, dst[0], code[0])
			}
		}
	})
}
