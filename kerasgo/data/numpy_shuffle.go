package data

// numpyShuffled returns the numbers below n in the order that
// numpy.random.RandomState(seed).shuffle brings them into: Fisher and Yates's from the
// end, with numbers of the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998),
// of which those above the bound are drawn again.
func numpyShuffled(n, seed int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	r := newTwister(uint32(seed))
	for i := n - 1; i > 0; i-- {
		j := int(r.below(uint32(i)))
		order[i], order[j] = order[j], order[i]
	}
	return order
}

// twister is the generator MT19937.
type twister struct {
	state [624]uint32
	at    int
}

func newTwister(seed uint32) *twister {
	t := &twister{at: 624}
	for i := range t.state {
		t.state[i] = seed
		seed = 1812433253*(seed^seed>>30) + uint32(i) + 1
	}
	return t
}

// next returns 32 random bits.
func (t *twister) next() uint32 {
	const n, m = 624, 397
	if t.at == n {
		for i := range n {
			y := t.state[i]&0x80000000 | t.state[(i+1)%n]&0x7fffffff
			t.state[i] = t.state[(i+m)%n] ^ y>>1
			if y&1 == 1 {
				t.state[i] ^= 0x9908b0df
			}
		}
		t.at = 0
	}
	y := t.state[t.at]
	t.at++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

// below returns a number from 0 to most.
func (t *twister) below(most uint32) uint32 {
	mask := most
	for shift := 1; shift < 32; shift *= 2 {
		mask |= mask >> shift
	}
	for {
		if v := t.next() & mask; v <= most {
			return v
		}
	}
}
