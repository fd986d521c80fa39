package tfevents

import "math"

// buckets divides the values into count ranges of one width, from the smallest to the
// largest value: rows of left end, right end and number of values, as TensorBoard's
// histograms are. Without values all rows are 0; where all values are equal all ends
// are that value, and the last row counts them. NaN is not counted.
func buckets(values []float32, count int) []float64 {
	out := make([]float64, 3*count)
	if len(values) == 0 {
		return out
	}
	low, high := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, v := range values {
		if v == v {
			low, high = min(low, v), max(high, v)
		}
	}
	if low >= high {
		for i := range count {
			out[3*i], out[3*i+1] = float64(low), float64(low)
		}
		out[3*count-1] = float64(len(values))
		return out
	}
	width := (float64(high) - float64(low)) / float64(count)
	for i := range count {
		out[3*i], out[3*i+1] = float64(low)+width*float64(i), float64(low)+width*float64(i+1)
	}
	out[3*count-2] = float64(high)
	for _, v := range values {
		if v != v {
			continue
		}
		i := int((float64(v) - float64(low)) / width)
		out[3*max(0, min(i, count-1))+2]++
	}
	return out
}
