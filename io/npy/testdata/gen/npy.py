"""Records .npy files as NumPy writes them, with their values, and two .npz archives.

Usage: python npy.py (writes ../npy.json)
"""

import base64
import io
import json
import pathlib

import numpy as np


def npy(a, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, a, version=version)
    return base64.b64encode(out.getvalue()).decode()


def entry(name, a, version=None):
    values = a.reshape(-1).tolist()
    strings = [v.decode("latin1") if isinstance(v, bytes) else v if isinstance(v, str) else repr(float(v)) for v in values]
    if a.dtype.kind in "iu":
        strings = [str(v) for v in values]
    return {"name": name, "descr": a.dtype.str, "fortran": bool(np.isfortran(a)), "shape": list(a.shape),
            "values": strings, "npy": npy(a, version)}


def arrays():
    for dtype in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1".split():
        for order in "<>":
            base = np.array([[0, 1, 2], [100, 7, 1]])
            if dtype[0] in "fi":
                base = -base
            a = base.astype(order + dtype)
            yield entry(f"{order}{dtype}", a)
            if dtype[1] != "1" and order == "<":
                yield entry(f"{dtype} fortran", np.asfortranarray(a))
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, 1 / 3, 6e-8, 65504.0, 5.96e-8, 6.1e-5, -2.5]
    for dtype in ("f2", "f4", "f8"):
        yield entry(f"{dtype} special", np.array(special, dtype))
    for dtype in ("i1", "i2", "i4", "i8", "u1", "u2", "u4"):
        info = np.iinfo(dtype)
        yield entry(f"{dtype} limits", np.array([info.min, info.max], dtype))
    yield entry("scalar", np.array(1.5, "f4"))
    yield entry("empty", np.zeros((0, 3), "f4"))
    yield entry("empty inside", np.zeros((3, 0, 2), "f8"))
    yield entry("one axis", np.arange(5, dtype="i8"))
    yield entry("four axes", np.arange(120, dtype="f4").reshape(2, 3, 4, 5))
    yield entry("four axes fortran", np.asfortranarray(np.arange(120, dtype="f4").reshape(2, 3, 4, 5)))
    yield entry("version 2", np.arange(6, dtype="f4").reshape(2, 3), (2, 0))
    yield entry("version 3", np.arange(6, dtype="f4").reshape(2, 3), (3, 0))
    yield entry("strings", np.array([["a", "", "größer"], ["日本", "x\0y", "🙂"]]))
    yield entry("strings big", np.array(["a", "größer"]).astype(">U6"))
    yield entry("strings fortran", np.asfortranarray(np.array([["a", "b"], ["c", "d"]])))
    yield entry("bytes", np.array([b"abc", b"", b"a\0c"]))


def refused():
    yield "object", npy(np.array([1, "a"], dtype=object))
    yield "structured", npy(np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
    yield "complex", npy(np.zeros(2, "c8"))
    yield "datetime", npy(np.zeros(2, "M8[s]"))
    yield "float128", npy(np.zeros(2, "f16"))
    yield "u8", npy(np.array([2**63], "u8"))
    yield "void", npy(np.zeros(2, "V3"))


def npz(save):
    out = io.BytesIO()
    save(out, x_train=np.arange(12, dtype="u1").reshape(3, 4), y=np.array([1.5, 2.5], "f4"), **{"a/b": np.array(3)})
    return base64.b64encode(out.getvalue()).decode()


data = {
    "numpy": np.__version__,
    "arrays": list(arrays()),
    "refused": dict(refused()),
    "npz": {"stored": npz(np.savez), "deflated": npz(np.savez_compressed)},
}
(pathlib.Path(__file__).parent.parent / "npy.json").write_text(json.dumps(data, indent=0))
