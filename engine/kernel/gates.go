package kernel

// LSTM is what a long short-term memory of Units cells does in a step, once the products with its kernels are there:
//
//	i, f, a, o = sigmoid(z₀), sigmoid(z₁), tanh(z₂), sigmoid(z₃)
//	next = f·c + i·a
//	h    = o·tanh(next)
//
// z₀ … z₃ being the parts, Units each, of a row of z + bias. A row is a sample; matrices lie without gaps.
type LSTM struct{ Units int }

// GRU is what a gated recurrent unit whose reset gate comes after the product does in a step, once the products with its kernels are there:
//
//	z, r = sigmoid(x₀ + p₀), sigmoid(x₁ + p₁)
//	a    = tanh(x₂ + r·p₂)
//	next = z·h + (1-z)·a
//
// x₀ … x₂ being the parts, Units each, of a row of x + biasX, the projection of the input, and p₀ … p₂ those of p + biasH, the projection of h.
type GRU struct{ Units int }

// gateKernels are the kernels of recurrent cells.
type gateKernels struct {
	lstmForward  func(h, next, gates, z, bias, c []float32, rows, cols int)
	lstmStep     func(h, next, z, bias, c []float32, rows, cols int)
	lstmBackward func(dz, dc, gates, c, dh, dnext []float32, rows, cols int)
	gruForward   func(next, gates, x, p, biasX, biasH, h []float32, rows, cols int)
	gruStep      func(next, x, p, biasX, biasH, h []float32, rows, cols int)
	gruBackward  func(dx, dp, dh, gates, h, d []float32, rows, cols int)
}

// gateRows is how many rows one call of a kernel takes, so that none holds up a garbage collection.
func gateRows(units int) int { return chunkRows(4 * units) }

// Forward computes h and next (rows, Units), and for Backward, unless it is nil, gates (rows, 5·Units): i, f, a, o and tanh(next). z is (rows, 4·Units), bias
// (4·Units), c (rows, Units).
func (n LSTM) Forward(h, next, gates, z, bias, c []float32, rows int) {
	u := n.Units
	if rows <= 0 || u <= 0 {
		return
	}
	h, next, z, bias, c = need(h, rows*u), need(next, rows*u), need(z, 4*rows*u), need(bias, 4*u), need(c, rows*u)
	if gates != nil {
		gates = need(gates, 5*rows*u)
	}
	for each := gateRows(u); rows > 0; rows -= each {
		m := min(each, rows)
		if gates == nil {
			active.gates.lstmStep(h, next, z, bias, c, m, u)
		} else {
			active.gates.lstmForward(h, next, gates, z, bias, c, m, u)
			gates = gates[5*m*u:]
		}
		h, next, z, c = h[m*u:], next[m*u:], z[4*m*u:], c[m*u:]
	}
}

// Backward computes the gradients of z (rows, 4·Units) and of c (rows, Units) from those of h and next.
func (n LSTM) Backward(dz, dc, gates, c, dh, dnext []float32, rows int) {
	u := n.Units
	if rows <= 0 || u <= 0 {
		return
	}
	dz, dc, gates, c, dh, dnext = need(dz, 4*rows*u), need(dc, rows*u), need(gates, 5*rows*u), need(c, rows*u), need(dh, rows*u), need(dnext, rows*u)
	for each := gateRows(u); rows > 0; rows -= each {
		m := min(each, rows)
		active.gates.lstmBackward(dz, dc, gates, c, dh, dnext, m, u)
		dz, dc, gates, c, dh, dnext = dz[4*m*u:], dc[m*u:], gates[5*m*u:], c[m*u:], dh[m*u:], dnext[m*u:]
	}
}

// Forward computes next (rows, Units), and for Backward, unless it is nil, gates (rows, 4·Units): z, r, a and p₂. x and p are (rows, 3·Units), biasX and biasH
// (3·Units), h (rows, Units).
func (n GRU) Forward(next, gates, x, p, biasX, biasH, h []float32, rows int) {
	u := n.Units
	if rows <= 0 || u <= 0 {
		return
	}
	next, x, p, biasX, biasH, h = need(next, rows*u), need(x, 3*rows*u), need(p, 3*rows*u), need(biasX, 3*u), need(biasH, 3*u), need(h, rows*u)
	if gates != nil {
		gates = need(gates, 4*rows*u)
	}
	for each := gateRows(u); rows > 0; rows -= each {
		m := min(each, rows)
		if gates == nil {
			active.gates.gruStep(next, x, p, biasX, biasH, h, m, u)
		} else {
			active.gates.gruForward(next, gates, x, p, biasX, biasH, h, m, u)
			gates = gates[4*m*u:]
		}
		next, x, p, h = next[m*u:], x[3*m*u:], p[3*m*u:], h[m*u:]
	}
}

// Backward computes the gradients of x and p (rows, 3·Units), and that part of the gradient of h (rows, Units) which does not go through p, from d, the gradient
// of next.
func (n GRU) Backward(dx, dp, dh, gates, h, d []float32, rows int) {
	u := n.Units
	if rows <= 0 || u <= 0 {
		return
	}
	dx, dp, dh, gates, h, d = need(dx, 3*rows*u), need(dp, 3*rows*u), need(dh, rows*u), need(gates, 4*rows*u), need(h, rows*u), need(d, rows*u)
	for each := gateRows(u); rows > 0; rows -= each {
		m := min(each, rows)
		active.gates.gruBackward(dx, dp, dh, gates, h, d, m, u)
		dx, dp, dh, gates, h, d = dx[3*m*u:], dp[3*m*u:], dh[m*u:], gates[4*m*u:], h[m*u:], d[m*u:]
	}
}
