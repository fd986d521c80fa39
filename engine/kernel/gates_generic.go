package kernel

import "math"

// genericGates is the portable code; sigmoid and tanh go through float64.
var genericGates = gateKernels{
	lstmForward: lstmForwardGeneric,
	lstmStep: func(h, next, z, bias, c []float32, rows, cols int) {
		lstmForwardGeneric(h, next, nil, z, bias, c, rows, cols)
	},
	lstmBackward: lstmBackwardGeneric,
	gruForward:   gruForwardGeneric,
	gruStep: func(next, x, p, biasX, biasH, h []float32, rows, cols int) {
		gruForwardGeneric(next, nil, x, p, biasX, biasH, h, rows, cols)
	},
	gruBackward: gruBackwardGeneric,
}

func tanh(x float32) float32 { return float32(math.Tanh(float64(x))) }

func lstmForwardGeneric(h, next, gates, z, bias, c []float32, rows, cols int) {
	for r := range rows {
		row := z[4*r*cols:]
		for j := range cols {
			at := r*cols + j
			gate := func(k int) float32 { return row[k*cols+j] + bias[k*cols+j] }
			i, f, a, o := sigmoid(gate(0)), sigmoid(gate(1)), tanh(gate(2)), sigmoid(gate(3))
			next[at] = f*c[at] + i*a
			t := tanh(next[at])
			h[at] = o * t
			if gates == nil {
				continue
			}
			for k, v := range [...]float32{i, f, a, o, t} {
				gates[(5*r+k)*cols+j] = v
			}
		}
	}
}

func lstmBackwardGeneric(dz, dc, gates, c, dh, dnext []float32, rows, cols int) {
	for r := range rows {
		for j := range cols {
			at := r*cols + j
			gate := func(k int) float32 { return gates[(5*r+k)*cols+j] }
			put := func(k int, v float32) { dz[(4*r+k)*cols+j] = v }
			i, f, a, o, t := gate(0), gate(1), gate(2), gate(3), gate(4)
			put(3, dh[at]*t*(o-o*o))
			d := dh[at]*o*(1-t*t) + dnext[at]
			put(0, d*a*(i-i*i))
			put(1, d*c[at]*(f-f*f))
			put(2, d*i*(1-a*a))
			dc[at] = d * f
		}
	}
}

func gruForwardGeneric(next, gates, x, p, biasX, biasH, h []float32, rows, cols int) {
	for r := range rows {
		for j := range cols {
			at := r*cols + j
			fromX := func(k int) float32 { return x[(3*r+k)*cols+j] + biasX[k*cols+j] }
			fromH := func(k int) float32 { return p[(3*r+k)*cols+j] + biasH[k*cols+j] }
			z, reset := sigmoid(fromX(0)+fromH(0)), sigmoid(fromX(1)+fromH(1))
			a := tanh(fromX(2) + reset*fromH(2))
			next[at] = z*(h[at]-a) + a
			if gates == nil {
				continue
			}
			for k, v := range [...]float32{z, reset, a, fromH(2)} {
				gates[(4*r+k)*cols+j] = v
			}
		}
	}
}

func gruBackwardGeneric(dx, dp, dh, gates, h, d []float32, rows, cols int) {
	for r := range rows {
		for j := range cols {
			at := r*cols + j
			gate := func(k int) float32 { return gates[(4*r+k)*cols+j] }
			put := func(k int, x, p float32) { dx[(3*r+k)*cols+j], dp[(3*r+k)*cols+j] = x, p }
			z, reset, a := gate(0), gate(1), gate(2)
			dz := d[at] * (h[at] - a) * (z - z*z)
			inner := (d[at] - d[at]*z) * (1 - a*a)
			dr := inner * gate(3) * (reset - reset*reset)
			dh[at] = d[at] * z
			put(0, dz, dz)
			put(1, dr, dr)
			put(2, inner, inner*reset)
		}
	}
}
