package main

// optimizers emits the fused steps; no multiply-add is fused, so that every instruction set gives the same bits.
func optimizers(g *gen) {
	for _, ams := range []bool{false, true} {
		var c1, c2, alpha, epsilon vec
		l := loop{name: "adam", signature: "func(w, m, v, g []float32, c1, c2, alpha, epsilon float32)", doc: "see Adam.", in: []string{"w", "m", "v", "g"}, out: []string{"w", "m", "v"}, unroll: 1}
		if ams {
			l.name, l.signature, l.doc = "adamAMS", "func(w, m, v, vhat, g []float32, c1, c2, alpha, epsilon float32)", "see AdamAMSGrad."
			l.in, l.out = append(l.in, "vhat"), append(l.out, "vhat")
		}
		l.setup = func() {
			c1, c2, alpha, epsilon = g.broadcast("c1"), g.broadcast("c2"), g.broadcast("alpha"), g.broadcast("epsilon")
		}
		larger := g.formulas()[4].f
		l.body = func(x []vec) []vec {
			w, m, v, grad := x[0], x[1], x[2], x[3]
			m = g.add(m, g.mul(g.sub(grad, m), c1))
			v = g.add(v, g.mul(g.sub(g.mul(grad, grad), v), c2))
			root := v
			if ams {
				root = larger(x[4], v)
			}
			w = g.sub(w, g.div(g.mul(m, alpha), g.add(g.root(root), epsilon)))
			return []vec{w, m, v, root}[:len(l.out)]
		}
		g.loop(l)
	}
	for _, nesterov := range []bool{false, true} {
		name := "sgdMomentum"
		if nesterov {
			name = "sgdNesterov"
		}
		var lr, momentum vec
		g.loop(loop{name: name, signature: "func(w, m, g []float32, lr, momentum float32)", doc: "see SGDMomentum.", in: []string{"w", "m", "g"}, out: []string{"w", "m"}, unroll: 2,
			setup: func() { lr, momentum = g.broadcast("lr"), g.broadcast("momentum") },
			body: func(x []vec) []vec {
				w, step := x[0], g.mul(lr, x[2])
				m := g.sub(g.mul(momentum, x[1]), step)
				if nesterov {
					return []vec{g.add(w, g.sub(g.mul(momentum, m), step)), m}
				}
				return []vec{g.add(w, m), m}
			}})
	}
}
