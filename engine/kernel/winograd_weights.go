package kernel

// winogradChunk is the number of weights of each tap that are transformed at once.
const winogradChunk = 256

// PackWeights transforms the weights w (KH, KW, Cin, Cout) to (36, Cin, Cout); once per step, as they serve every image. Several threads may share the work: only
// those of part of parts are written.
func (w *Winograd) PackWeights(packed, weights, scratch []float32, part, parts int) {
	size, k := w.conv.Cin*w.conv.Cout, w.conv.KH
	transform := active.winograd.weights[w.size()]
	for at := size * part / parts; at < size*(part+1)/parts; at += winogradChunk {
		n := min(winogradChunk, size*(part+1)/parts-at)
		for j := range k { // scratch: (6, k) chunks, transformed down the columns
			transform.run(scratch[j*winogradChunk:], weights[j*size+at:], n, 1, 6, k, k*winogradChunk, k*size, 0, 0)
		}
		for i := range 6 {
			transform.run(packed[6*i*size+at:], scratch[i*k*winogradChunk:], n, 1, 6, k, size, winogradChunk, 0, 0)
		}
	}
}
