package kernel

// PaysBackwardWeight reports whether BackwardWeight is likely sooner done than Conv2D's: if enough is saved, and if the sums of products, which are read and written
// for every block of tiles, are not much larger than a second-level cache. 5×5 kernels and images of fewer pixels than Conv2D.BackwardWeight sums at once are left to
// it: there the transforms would lose too many digits, more than three times as many as it does.
func (w *Winograd) PaysBackwardWeight() bool {
	g := &w.conv
	return g.KH == 3 && g.Cin >= 16 && g.Cout >= 16 && w.PackedWeightsSize() <= 600<<10 && g.Ho*g.Wo >= pixelBlock && g.Ho*g.Wo >= 8*w.th*w.tw
}

// gradSum is the number of tiles that are summed before the sum is added to the others: long sums lose digits, which the transforms would multiply.
const gradSum = 16

// gradRows is the number of rows of tiles, of one image or of several, that BackwardWeight works on at once: enough that adding to the products is little work
// beside computing them.
func (w *Winograd) gradRows() int { return max(1, max(32, 4096/(w.conv.Cin+w.conv.Cout))/w.tw) }

// gradSizes are the sizes of the parts of BackwardWeight's scratch: rows with those that do not exist; of each row of tiles, inputs and gradients transformed down the
// columns; of one row of coefficients, those of the inputs and of the gradients and their products; the products' sums; weights' gradients of one chunk, half and wholly
// transformed back.
func (w *Winograd) gradSizes() (band, half, halfY, v, u, products, sums, back int) {
	g, rows := &w.conv, w.gradRows()
	band = max(6*g.W*g.Cin, w.m*g.Wo*g.Cout)
	half, halfY = rows*6*w.wp*g.Cin, rows*6*w.tw*w.m*g.Cout
	v, u = 6*(rows*w.tw*g.Cin+16), 6*(rows*w.tw*g.Cout+16)
	return band, half, halfY, v, u, 6 * g.Cin * g.Cout, w.PackedWeightsSize(), 9 * 3 * winogradChunk
}

// BackwardWeightScratch is the number of float32s that BackwardWeight needs as scratch.
func (w *Winograd) BackwardWeightScratch() int {
	band, half, halfY, v, u, products, sums, back := w.gradSizes()
	return band + half + halfY + v + u + products + sums + back
}

// BackwardWeight adds to dw (KH, KW, Cin, Cout) the gradient of a loss with respect to the weights, from the inputs x and the gradients dy (Ho, Wo, Cout) of so many
// images, for a 3×3 kernel. It is the gradient of what Forward computes, with the transposed transforms:
//
//	dw = Gᵀ[Σ (Bᵀ x B) ⊙ (A dy Aᵀ)]G
//
// The sums over all tiles, 36 matrix products (Cin × tiles)·(tiles × Cout), stand before the last transform, which is done once. On normally distributed numbers the
// relative error (L2, against float64) is 5.3e-7 to 6.7e-7, 1.9 to 2.8 times that of Conv2D.BackwardWeight.
func (w *Winograd) BackwardWeight(dw, x, dy, scratch []float32, images int) {
	g := &w.conv
	xn, yn := g.H*g.W*g.Cin, g.Ho*g.Wo*g.Cout
	x, dy, scratch = need(x, images*xn), need(dy, images*yn), need(scratch, w.BackwardWeightScratch())
	take := func(n int) []float32 {
		part := scratch[:n:n]
		scratch = scratch[n:]
		return part
	}
	nBand, nHalf, nHalfY, nV, nU, nProducts, nSums, nBack := w.gradSizes()
	band, half, halfY, v, u, products := take(nBand), take(nHalf), take(nHalfY), take(nV), take(nU), take(nProducts)
	sums, back := take(nSums), take(nBack)
	clear(sums)
	line, lineY, size := w.wp*g.Cin, w.tw*w.m*g.Cout, g.Cin*g.Cout
	planeV, planeU := nV/6, nU/6
	for lo, step := 0, w.gradRows(); lo < images*w.th; lo += step {
		n := min(step, images*w.th-lo)
		for r := range n {
			image, t := (lo+r)/w.th, (lo+r)%w.th
			w.inputColumns(half[6*r*line:], x[image*xn:][:xn], band, t)
			w.gradColumns(halfY[6*r*lineY:], dy[image*yn:][:yn], band, t)
		}
		p, tiles := Brgemm{M: g.Cin, N: g.Cout, NB: 1, LdA: g.Cin, LdB: g.Cout, LdC: g.Cout}, n*w.tw
		for i := range 6 {
			for r := range n {
				active.winograd.input.run(v[r*w.tw*g.Cin:], half[(6*r+i)*line:], g.Cin, w.tw, 6, 6, planeV, g.Cin, g.Cin, w.m*g.Cin)
				active.winograd.grad.run(u[r*w.tw*g.Cout:], halfY[(6*r+i)*lineY:], g.Cout, w.tw, 6, w.m, planeU, g.Cout, g.Cout, w.m*g.Cout)
			}
			for j := range 6 {
				p.Accumulate = false
				for k := 0; k < tiles; k += gradSum {
					p.K = min(gradSum, tiles-k)
					p.TN(products[j*size:], v[j*planeV+k*g.Cin:], u[j*planeU+k*g.Cout:])
					p.Accumulate = true
				}
			}
			row := sums[6*i*size:][:6*size]
			Add(row, row, products)
		}
	}
	w.addWeightsGrad(dw, sums, back)
}

// gradColumns transforms the rows of dy that row t of the tiles makes, to six rows of whole tiles; band is memory for rows below the image.
func (w *Winograd) gradColumns(half, dy, band []float32, t int) {
	g := &w.conv
	row, line := g.Wo*g.Cout, w.tw*w.m*g.Cout
	src, h := dy[t*w.m*row:], min(w.m, g.Ho-t*w.m)
	if h < w.m {
		copy(band, src[:h*row])
		clear(band[h*row : w.m*row])
		src = band
	}
	active.winograd.grad.run(half, src, row, 1, 6, w.m, line, row, 0, 0)
	for k := range 6 {
		clear(half[k*line+row : (k+1)*line])
	}
}

// addWeightsGrad transforms the sums of products to the gradient of the weights and adds it to dw.
func (w *Winograd) addWeightsGrad(dw, sums, scratch []float32) {
	const k = 3
	size := w.conv.Cin * w.conv.Cout
	half, whole := scratch[:6*k*winogradChunk], scratch[6*k*winogradChunk:]
	transform := active.winograd.weightsGrad
	for at := 0; at < size; at += winogradChunk {
		n := min(winogradChunk, size-at)
		for i := range 6 {
			transform.run(half[i*k*winogradChunk:], sums[6*i*size+at:], n, 1, k, 6, winogradChunk, size, 0, 0)
		}
		for j := range k {
			transform.run(whole[j*winogradChunk:], half[j*winogradChunk:], n, 1, k, 6, k*winogradChunk, k*winogradChunk, 0, 0)
		}
		for tap := range k * k {
			to := dw[tap*size+at:][:n]
			Add(to, to, whole[tap*winogradChunk:])
		}
	}
}
