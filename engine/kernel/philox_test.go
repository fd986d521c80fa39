package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Known answers of Random123's kat_vectors for philox4x32-10.
func TestPhiloxKnownAnswers(t *testing.T) {
	for _, row := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0}, [4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		if got := Philox(row.counter, row.key); got != row.want {
			t.Errorf("Philox(%x, %x) = %x, want %x", row.counter, row.key, got, row.want)
		}
	}
}

// Every instruction set gives the bits of Philox, also where the counter's words overflow.
func TestUniform(t *testing.T) {
	onEach(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(6, 6))
		for _, n := range lengths() {
			key := [2]uint32{r.Uint32(), r.Uint32()}
			for _, counter := range [][4]uint32{{0, 0, 1, 2}, {math.MaxUint32 - 20, 7, 3, 4}, {math.MaxUint32, math.MaxUint32, 5, 6}} {
				x, check := guarded(t, r, n, r.IntN(5))
				Uniform(x, key, counter)
				check()
				for i, v := range x {
					c := uint64(counter[1])<<32 + uint64(counter[0]) + uint64(i/4)
					word := Philox([4]uint32{uint32(c), uint32(c >> 32), counter[2], counter[3]}, key)[i%4]
					if want := float32(word>>8) / (1 << 24); v != want {
						t.Fatalf("length %d, counter %v: element %d is %v, want %v", n, counter, i, v, want)
					}
				}
			}
		}
	})
}
