package layers

import (
	"math"
	"slices"
	"sort"
)

// summary stands for many numbers by few: values, ascending, and how many numbers each
// stands for. It is Keras's, with its arithmetic in float32 and float64, so that
// quantiles agree.
type summary struct{ values, weights []float32 }

// summarize takes evenly spaced ones of the sorted values, about 1/epsilon of them.
func summarize(values []float32, epsilon float64) summary {
	slices.Sort(values)
	step := max(float64(len(values))/(1/epsilon), 1)
	var s summary
	for i := int(step - 1); i < len(values); i += int(step) {
		s.values = append(s.values, values[i])
		s.weights = append(s.weights, float32(step))
	}
	return s
}

// merge returns the summary of all that both stand for.
func (s summary) merge(with summary, epsilon float64) summary {
	values, weights := append(s.values, with.values...), append(s.weights, with.weights...)
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, k int) bool { return values[order[i]] < values[order[k]] })
	all := summary{make([]float32, len(order)), make([]float32, len(order))}
	for i, k := range order {
		all.values[i], all.weights[i] = values[k], weights[k]
	}
	return all.compress(epsilon)
}

// compress keeps about 1/epsilon values, by interpolation.
func (s summary) compress(epsilon float64) summary {
	if float64(len(s.values))*epsilon < 1 {
		return s
	}
	cumulated := make([]float32, len(s.weights))
	sum := float32(0)
	for i, w := range s.weights {
		sum += w
		cumulated[i] = sum
	}
	share := make([]float32, len(cumulated))
	for i, c := range cumulated {
		share[i] = c / sum
	}
	n := int(math.Ceil(1 / epsilon))
	out := summary{make([]float32, n), make([]float32, n)}
	before := 0.0
	for i := range n {
		p := epsilon + float64(float64(i)*epsilon)
		out.values[i] = float32(interpolate(p, share, s.values))
		c := interpolate(p, share, cumulated)
		out.weights[i] = float32(c - before)
		before = c
	}
	return out
}

// boundaries returns the values between bins of equal shares.
func (s summary) boundaries(bins int) []float64 {
	c := s.compress(1 / float64(bins))
	out := make([]float64, 0, len(c.values))
	for _, v := range c.values[:max(0, len(c.values)-1)] {
		out = append(out, float64(v))
	}
	return out
}

// interpolate is NumPy's interp at one place.
func interpolate(x float64, xs, ys []float32) float64 {
	k := sort.Search(len(xs), func(i int) bool { return float64(xs[i]) > x }) - 1
	switch {
	case k < 0:
		return float64(ys[0])
	case k == len(xs)-1 || float64(xs[k]) == x:
		return float64(ys[k])
	}
	x0, x1, y0, y1 := float64(xs[k]), float64(xs[k+1]), float64(ys[k]), float64(ys[k+1])
	slope := (y1 - y0) / (x1 - x0)
	return float64(slope*(x-x0)) + y0
}
