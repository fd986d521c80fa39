package kernel

import "math"

// The conversions to float32 around products forbid fused multiply-adds: every instruction set gives the same bits.

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// adamGeneric: see Adam.
func adamGeneric(w, m, v, g []float32, c1, c2, alpha, epsilon float32) {
	for i := range w {
		m[i] += float32((g[i] - m[i]) * c1)
		v[i] += float32((float32(g[i]*g[i]) - v[i]) * c2)
		w[i] -= float32(m[i]*alpha) / (sqrt32(v[i]) + epsilon)
	}
}

// adamAMSGeneric: see AdamAMSGrad.
func adamAMSGeneric(w, m, v, vhat, g []float32, c1, c2, alpha, epsilon float32) {
	for i := range w {
		m[i] += float32((g[i] - m[i]) * c1)
		v[i] += float32((float32(g[i]*g[i]) - v[i]) * c2)
		vhat[i] = larger(vhat[i], v[i])
		w[i] -= float32(m[i]*alpha) / (sqrt32(vhat[i]) + epsilon)
	}
}

// sgdMomentumGeneric: see SGDMomentum.
func sgdMomentumGeneric(w, m, g []float32, lr, momentum float32) {
	for i := range w {
		m[i] = float32(momentum*m[i]) - float32(lr*g[i])
		w[i] += m[i]
	}
}

// sgdNesterovGeneric: see SGDMomentum.
func sgdNesterovGeneric(w, m, g []float32, lr, momentum float32) {
	for i := range w {
		step := float32(lr * g[i])
		m[i] = float32(momentum*m[i]) - step
		w[i] += float32(momentum*m[i]) - step
	}
}
