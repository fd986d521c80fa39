package kernel

// SparseGemm is the product C[M×N] = A·B of row-major matrices of which A[M×K] has many zeros: of each row of A there is a list of what is not zero, and only
// that is multiplied: 128 elements of a row of C stay in vector registers while the list passes by. Where a dense product would give 0·Inf = NaN,
// the sum is left alone; NaN and infinite elements of A do arrive.
//
// The second matrix is read from the panels that Gemm.PackPanels makes, sparsePanels of them and sparseDepth rows at a time, which stay in the first-level cache:
// lists are made for each of these blocks of rows. Methods use one thread and allocate nothing; several threads may use one SparseGemm at once.
type SparseGemm struct {
	M, N, K int // N is a multiple of 32; rows of A and C lie side by side
}

const (
	sparseDepth  = 64      // rows of B that a list is about
	sparsePanels = 4       // of B: so many sums that multiply-adds need not wait for one another
	sparseCall   = 1 << 20 // multiply-adds of a call of the kernel at most, as assembly cannot be preempted
)

// SparsePays reports whether a product whose first matrix has size elements, live of them not zero, is better computed from lists. A dense product uses each
// element of B that it has in a register for several rows and does twice as many multiply-adds in a time.
func SparsePays(live, size int) bool {
	return (active.vectors() == "avx512" || active.isa == "avx2") && 5*live <= 2*size
}

// ListsSize is the number of float32s that the lists take.
func (g *SparseGemm) ListsSize() int { return 2*g.M*g.room() + 2*g.M*g.blocks() + g.M }

func (g *SparseGemm) blocks() int { return (g.K + sparseDepth - 1) / sparseDepth }

// room is that for the entries of a row.
func (g *SparseGemm) room() int { return g.K + g.blocks()*sparseSlack }

// lists cuts memory into lists, those of one block after those of the other.
func (g *SparseGemm) lists(x []float32) sparseList {
	room := g.M * g.room()
	x = need(x, g.ListsSize())
	return sparseList{val: x[:room], off: integers(x[room : 2*room]), spans: integers(x[2*room : len(x)-g.M])}
}

// lengths is the number of elements of each row's lists.
func (g *SparseGemm) lengths(x []float32) []uint32 {
	return integers(x[g.ListsSize()-g.M : g.ListsSize()])
}

// Build makes the lists of rows [from, to) of A. Several ranges may be built at once.
func (g *SparseGemm) Build(lists, a []float32, from, to int) {
	l, lengths := g.lists(lists), g.lengths(lists)
	if g.K == 0 {
		clear(lengths[from:to])
		return
	}
	for i := from; i < to; i++ {
		lengths[i] = uint32(active.nonzeros(l.val, l.off, l.spans[2*i:], a[i*g.K:][:g.K], sparseDepth, i*g.room(), 2*g.M))
	}
}

// entries is the number of elements of all lists.
func (l *sparseList) entries() (n int) {
	for i := 0; i < len(l.spans); i += 2 {
		n += int(l.spans[i+1] - l.spans[i])
	}
	return n
}

// Live returns the number of elements of all lists.
func (g *SparseGemm) Live(lists []float32) (live int) {
	for _, n := range g.lengths(lists) {
		live += int(n)
	}
	return live
}

// Run computes C from the lists, which several products with the same A may share, and the panels of B. Scratch has M elements. Ahead is memory that the caller
// will read or write next: as far as time allows, it is brought into the second-level cache meanwhile. The list is changed.
func (g *SparseGemm) Run(c, lists, panels, scratch []float32, ahead [][]float32) {
	if g.M == 0 || g.N == 0 {
		return
	}
	c, l, panels := need(c, g.M*g.N), g.lists(lists), need(panels, g.K*g.N)
	clear(c)
	at := integers(scratch[:g.M])
	for i := range at {
		at[i] = uint32(4 * i * g.N)
	}
	rows := max(1, sparseCall/(sparsePanels*sparseDepth*panelN))
	for j := 0; j < g.N; j += sparsePanels * panelN {
		t := sparseTile{rows: min(sparsePanels, (g.N-j)/panelN), width: panelN / 16, accRow: panelN, baseRow: g.K * panelN, scale: 4 * panelN}
		for b := range g.blocks() {
			base := panels[j*g.K+b*sparseDepth*panelN:]
			for i := 0; i < g.M; i += rows {
				end := min(i+rows, g.M)
				list := sparseList{val: l.val, off: l.off, spans: l.spans[2*(b*g.M+i) : 2*(b*g.M+end)], at: at[i:end]}
				t.ahead = nil
				if len(ahead) > 0 {
					t.ahead, ahead = nextAhead(ahead, list.entries())
				}
				active.sparseSum(c[j:], base, t, list)
			}
		}
	}
}
