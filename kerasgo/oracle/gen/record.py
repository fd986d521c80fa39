"""What the recorders share: arrays as base64 little-endian bytes, and the file format.

Each file in ../testdata is gzipped JSON: {"keras": version, "script": name, "cases": [...]}.
"""

import base64
import gzip
import json
import os

import numpy as np

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "testdata")


def array(a):
    """An array as JSON, exact. None stays None."""
    if a is None:
        return None
    a = np.asarray(a)
    if a.dtype == np.float64:
        a = a.astype(np.float32)
    if a.dtype in (np.int64, np.bool_):
        a = a.astype(np.int32)
    return {"dtype": str(a.dtype), "shape": list(a.shape), "data": base64.b64encode(a.tobytes()).decode()}


def plain(x):
    """JSON form of what get_config returns."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, np.ndarray):
        return x.tolist()
    if isinstance(x, np.generic):
        return x.item()
    return x


def write(name, script, cases, version):
    data = {"keras": version, "script": script, "cases": cases}
    raw = json.dumps(data, separators=(",", ":")).encode()
    with open(os.path.join(OUT, name), "wb") as f:
        with gzip.GzipFile(filename="", mode="wb", fileobj=f, mtime=0, compresslevel=9) as z:
            z.write(raw)
    print(name, len(cases), "cases", os.path.getsize(os.path.join(OUT, name)), "bytes")
