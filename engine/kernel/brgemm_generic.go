package kernel

// gemmGeneric: C[i][j] (+)= Σ_b Σ_k A_b[i][k]·B_b[k][j]; four k at a time, so that a row of C is loaded and stored a quarter as often.
func gemmGeneric(g Brgemm, transA bool, c, a, b []float32) {
	g.beginWithBias(c)
	stepI, stepK := g.LdA, 1
	if transA {
		stepI, stepK = 1, g.LdA
	}
	if g.wide {
		gemmWideGeneric(g, stepI, stepK, c, a, b)
		return
	}
	for i := range g.M {
		row := c[i*g.LdC:][:g.N]
		if !g.Accumulate {
			clear(row)
		}
		for batch := range g.NB {
			pa, pb := batch*g.StrideA+i*stepI, batch*g.StrideB
			k := 0
			for ; k+4 <= g.K; k += 4 {
				a0, a1, a2, a3 := a[pa+k*stepK], a[pa+(k+1)*stepK], a[pa+(k+2)*stepK], a[pa+(k+3)*stepK]
				b0, b1, b2, b3 := b[pb+k*g.LdB:][:g.N], b[pb+(k+1)*g.LdB:][:g.N], b[pb+(k+2)*g.LdB:][:g.N], b[pb+(k+3)*g.LdB:][:g.N]
				for j := range row {
					row[j] += a0*b0[j] + a1*b1[j] + a2*b2[j] + a3*b3[j]
				}
			}
			for ; k < g.K; k++ {
				a0, b0 := a[pa+k*stepK], b[pb+k*g.LdB:][:g.N]
				for j := range row {
					row[j] += a0 * b0[j]
				}
			}
		}
	}
}

// gemmWideGeneric sums in float64, some columns at a time.
func gemmWideGeneric(g Brgemm, stepI, stepK int, c, a, b []float32) {
	var sums [64]float64
	for i := range g.M {
		for j := 0; j < g.N; j += len(sums) {
			row := c[i*g.LdC+j:][:min(len(sums), g.N-j)]
			for n := range row {
				sums[n] = 0
				if g.Accumulate {
					sums[n] = float64(row[n])
				}
			}
			for batch := range g.NB {
				for k := range g.K {
					a0, bk := float64(a[batch*g.StrideA+i*stepI+k*stepK]), b[batch*g.StrideB+k*g.LdB+j:][:len(row)]
					for n, v := range bk {
						sums[n] += a0 * float64(v)
					}
				}
			}
			for n := range row {
				row[n] = float32(sums[n])
			}
		}
	}
}
