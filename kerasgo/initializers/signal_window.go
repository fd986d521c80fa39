package initializers

import (
	"fmt"
	"math"
	"strings"
)

// windowNames are the windows that layers and initializers over sound know by name, as
// scipy.signal.get_window does.
var windowNames = []string{"barthann", "bartlett", "blackman", "blackmanharris", "bohman", "boxcar", "cosine", "flattop", "hamming", "hann", "lanczos", "nuttall", "parzen", "triang", "tukey"}

// NoWindow is the value of a window argument that is null: all weights are 1.
const NoWindow = "none"

// SignalWindow returns n weights: those of a name, or a list of n numbers. A periodic
// window is one of n+1 without its last weight; the others are symmetric.
func SignalWindow(v any, n int, periodic bool) ([]float64, error) {
	name, ok := v.(string)
	if !ok {
		list, ok := floats(v)
		if !ok || len(list) != n {
			return nil, fmt.Errorf("window wants one of %s, or a list of %d numbers, got %v", strings.Join(windowNames, ", "), n, v)
		}
		return list, nil
	}
	list := make([]float64, n)
	m := n
	if periodic {
		m++
	}
	for i := range list {
		w, ok := weight(name, i, m)
		if !ok {
			return nil, fmt.Errorf("window %q is none of %s", name, strings.Join(windowNames, ", "))
		}
		list[i] = w
	}
	return list, nil
}

// floats reads a list of numbers.
func floats(v any) (list []float64, ok bool) {
	switch v := v.(type) {
	case []float64:
		return v, true
	case []any:
		for _, x := range v {
			switch x := x.(type) {
			case float64:
				list = append(list, x)
			case int:
				list = append(list, float64(x))
			default:
				return nil, false
			}
		}
		return list, true
	}
	return nil, false
}

// weight returns weight i of a symmetric window of n.
func weight(name string, i, n int) (float64, bool) {
	if n == 1 {
		_, ok := weight(name, 0, 3)
		return 1, ok
	}
	x := float64(i) / float64(n-1) // from 0 to 1
	d := math.Abs(2*x - 1)         // distance from the middle, from 0 to 1
	waves := func(a ...float64) (sum float64) {
		for k, f := range a {
			sum += f * math.Cos(2*math.Pi*float64(k)*x-math.Pi*float64(k))
		}
		return sum
	}
	switch name {
	case NoWindow, "boxcar":
		return 1, true
	case "hann":
		return waves(0.5, 0.5), true
	case "hamming":
		return waves(0.54, 0.46), true
	case "blackman":
		return waves(0.42, 0.5, 0.08), true
	case "nuttall":
		return waves(0.3635819, 0.4891775, 0.1365995, 0.0106411), true
	case "blackmanharris":
		return waves(0.35875, 0.48829, 0.14128, 0.01168), true
	case "flattop":
		return waves(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368), true
	case "bartlett":
		return 1 - d, true
	case "barthann":
		return 0.62 - 0.48*math.Abs(x-0.5) + 0.38*math.Cos(2*math.Pi*(x-0.5)), true
	case "bohman":
		if i == 0 || i == n-1 {
			return 0, true
		}
		return (1-d)*math.Cos(math.Pi*d) + math.Sin(math.Pi*d)/math.Pi, true
	case "cosine":
		return math.Sin(math.Pi * (float64(i) + 0.5) / float64(n)), true
	case "lanczos":
		if d == 0 {
			return 1, true
		}
		return math.Sin(math.Pi*d) / (math.Pi * d), true
	case "triang":
		k := float64(min(i, n-1-i) + 1)
		if n%2 == 0 {
			return (2*k - 1) / float64(n), true
		}
		return 2 * k / float64(n+1), true
	case "parzen":
		p := math.Abs(float64(i)-float64(n-1)/2) / (float64(n) / 2)
		if math.Abs(float64(i)-float64(n-1)/2) <= float64(n-1)/4 {
			return 1 - 6*p*p*(1-p), true
		}
		return 2 * math.Pow(1-p, 3), true
	case "tukey": // half of it flat
		if d <= 0.5 {
			return 1, true
		}
		return 0.5 * (1 + math.Cos(math.Pi*(2*d-1))), true
	}
	return 0, false
}
