package kernel

// AdamParams are the numbers of one Adam step. OneMinusBeta1 and OneMinusBeta2 are 1-β1 and 1-β2 computed in float64 and then rounded, as Keras does.
type AdamParams struct {
	OneMinusBeta1, OneMinusBeta2 float32
	Alpha                        float32 // learning rate with both bias corrections: lr·sqrt(1-β2^t)/(1-β1^t)
	Epsilon                      float32 // added to sqrt(v), outside the bias correction
}

// Adam does one step of Keras's Adam on len(w) weights:
//
//	m += (g-m)·(1-β1);  v += (g²-v)·(1-β2);  w -= m·α / (sqrt(v)+ε)
func Adam(w, m, v, g []float32, p AdamParams) {
	m, v, g = need(m, len(w)), need(v, len(w)), need(g, len(w))
	for len(w) > 0 {
		n := min(chunk, len(w))
		active.adam(w[:n], m[:n], v[:n], g[:n], p.OneMinusBeta1, p.OneMinusBeta2, p.Alpha, p.Epsilon)
		w, m, v, g = w[n:], m[n:], v[n:], g[n:]
	}
}

// AdamAMSGrad is Adam with amsgrad: vhat = max(vhat, v) takes the place of v in the quotient.
func AdamAMSGrad(w, m, v, vhat, g []float32, p AdamParams) {
	m, v, vhat, g = need(m, len(w)), need(v, len(w)), need(vhat, len(w)), need(g, len(w))
	for len(w) > 0 {
		n := min(chunk, len(w))
		active.adamAMS(w[:n], m[:n], v[:n], vhat[:n], g[:n], p.OneMinusBeta1, p.OneMinusBeta2, p.Alpha, p.Epsilon)
		w, m, v, vhat, g = w[n:], m[n:], v[n:], vhat[n:], g[n:]
	}
}

// SGD does one step of plain gradient descent: w -= lr·g.
func SGD(w, g []float32, lr float32) { ScaleAdd(w, g, -lr) }

// SGDMomentum does one step of Keras's SGD with momentum:
//
//	m = momentum·m - lr·g;  w += m  (nesterov: w += momentum·m - lr·g)
func SGDMomentum(w, m, g []float32, lr, momentum float32, nesterov bool) {
	m, g = need(m, len(w)), need(g, len(w))
	step := active.sgdMomentum
	if nesterov {
		step = active.sgdNesterov
	}
	for len(w) > 0 {
		n := min(chunk, len(w))
		step(w[:n], m[:n], g[:n], lr, momentum)
		w, m, g = w[n:], m[n:], g[n:]
	}
}
