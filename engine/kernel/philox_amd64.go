//go:build amd64 && !noasm

package kernel

// uniformAVX512 makes 64 numbers at a time, the rest in portable code.
func uniformAVX512(dst []float32, key [2]uint32, counter [4]uint32) {
	n := len(dst) / 64 * 64
	if n > 0 {
		uniformBlocksAVX512(dst[:n], key[0], key[1], counter[0], counter[1], counter[2], counter[3])
	}
	uniformGeneric(dst[n:], key, advance(counter, uint64(n/4)))
}

// uniformAVX2 makes 32 numbers at a time, the rest in portable code.
func uniformAVX2(dst []float32, key [2]uint32, counter [4]uint32) {
	n := len(dst) / 32 * 32
	if n > 0 {
		uniformBlocksAVX2(dst[:n], key[0], key[1], counter[0], counter[1], counter[2], counter[3])
	}
	uniformGeneric(dst[n:], key, advance(counter, uint64(n/4)))
}
