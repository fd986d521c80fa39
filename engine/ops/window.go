package ops

// samePads returns the zeros before and after an axis that make its output
// ceil(n/stride) long; the odd one goes behind (Keras's padding "same").
func samePads(n, k, stride, dilation int) (before, after int) {
	out := (n + stride - 1) / stride
	total := max((out-1)*stride+(k-1)*dilation+1-n, 0)
	return total / 2, total - total/2
}

// windowPads resolves a padding name for the two image axes of s, (N, H, W, C).
func windowPads(padding string, s shape, size, strides, dilation [2]int) (before, after [2]int, ok bool) {
	for i := range 2 {
		switch padding {
		case "valid", "":
		case "same":
			before[i], after[i] = samePads(s[1+i], size[i], strides[i], dilation[i])
		case "causal":
			before[i] = (size[i] - 1) * dilation[i]
		default:
			return before, after, false
		}
	}
	return before, after, true
}

// windowOut returns how many windows fit on an axis of n elements; it is not
// positive when none does.
func windowOut(n, k, stride, dilation, before, after int) int {
	room := n + before + after - (k-1)*dilation - 1
	if room < 0 {
		return 0
	}
	return room/stride + 1
}

// orOnes replaces zeros, the unset values of options, by ones.
func orOnes(v [2]int) [2]int {
	for i := range v {
		if v[i] == 0 {
			v[i] = 1
		}
	}
	return v
}
