"""Expressions that operations.py records, as operations_list.py has them: decompositions of matrices, and what is solved with them."""

F = "f"
SPD = "(ops.matmul(x, ops.swapaxes(x, 1, 2)) + 2 * np.eye(3, dtype='float32'))"
SQ = "(x + 2 * np.eye(3, dtype='float32'))"
M = (F, 3, 3)

CASES = [
    (f"ops.linalg.cholesky({SPD})", M),
    (f"ops.linalg.cholesky({SPD}, upper=True)", M),
    (f"ops.linalg.cholesky_inverse({SQ})", M),
    (f"ops.linalg.cholesky_inverse({SQ}, upper=True)", M),
    (f"ops.linalg.inv({SQ})", M),
    ("ops.linalg.det(x)", M),
    ("ops.linalg.det(x)", (F, 2, 4, 4)),
    ("ops.slogdet(ops.sum(x, 0))", M),
    (f"ops.logdet({SPD})", M),
    (f"ops.linalg.solve({SQ}, y)", M, (F, 3, 2)),
    (f"ops.linalg.solve({SQ}, y)", M, (F, 3)),
    (f"ops.linalg.solve_triangular({SQ}, y, lower=True)", M, (F, 3, 2)),
    (f"ops.linalg.solve_triangular({SQ}, y)", M, (F, 3)),
    ("ops.linalg.qr(x)", (F, 4, 3)),
    ("values(ops.linalg.qr(x))", (F, 3, 4)),
    ("values(ops.linalg.qr(x, mode='complete'))", (F, 4, 3)),
    ("ops.abs(ops.linalg.eigh(x + ops.swapaxes(x, 1, 2))[1])", M),
    ("ops.linalg.eigh(x + ops.swapaxes(x, 1, 2))[0]", M),
    ("ops.linalg.svd(x, compute_uv=False)", (F, 4, 3)),
    ("values(ops.abs(ops.linalg.svd(x, full_matrices=False)[0]))", (F, 4, 3)),
    ("values(ops.linalg.svd(x)[1])", (F, 3, 4)),
    ("values(ops.abs(ops.linalg.svd(x, full_matrices=False)[2]))", (F, 3, 4)),
    ("ops.linalg.pinv(x)", (F, 4, 3)),
    ("ops.linalg.pinv(x)", (F, 3, 4)),
    ("ops.linalg.matrix_rank(x)", (F, 4, 3)),
    ("ops.linalg.matrix_rank(x * np.array([1, 1, 0], 'float32'), tol=0.01)", (F, 4, 3)),
    ("ops.linalg.lstsq(ops.sum(x, 0), ops.sum(y, 0))", (F, 4, 3), (F, 4)),
    ("ops.linalg.lstsq(ops.sum(x, 0), ops.sum(y, 0))", (F, 3, 4), (F, 3, 2)),
    ("values(ops.linalg.lu_factor(ops.sum(x, 0)))", M),
    ("ops.corrcoef(ops.sum(x, 0))", (F, 4, 4)),
    ("ops.corrcoef(ops.sum(x, 0))", ("k", 5, 5)),
    *[(f"ops.norm(x, ord={o}, axis=(1, 2){k})", ("f", 2, 3)) for o in ("'nuc'", 2, -2) for k in ("", ", keepdims=True")],  # of negative axes Keras 3.15.1 puts the kept ones in the wrong place
    ("ops.norm(x, ord='nuc', axis=(2, 1))", ("f", 3, 2)),
    ("ops.swapaxes(x, 0, -1)", ("f", 2, 3)),
    ("ops.round(x * 37, decimals=-1)", ("k", 5)),
]
