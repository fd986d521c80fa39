"""What h5py reads from a file, as data to compare."""
import hashlib, sys
import h5py
import numpy as np


def sha(a):
    a = np.asarray(a)
    if a.dtype.byteorder == ">" or (a.dtype.byteorder == "=" and sys.byteorder == "big"):
        a = a.astype(a.dtype.newbyteorder("<"))
    return hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()[:16]


def text(v):
    if isinstance(v, bytes):
        return v.decode("utf-8")
    return str(v)


def describe_attr(v):
    if isinstance(v, h5py.Empty):
        return {"null": True, "shape": []}
    a = np.asarray(v)
    d = {"shape": list(a.shape)}
    if a.dtype.kind in "OSU":
        d["strings"] = [text(x) for x in a.ravel()]
    elif a.dtype.kind in "iub":
        d["ints"] = [int(x) for x in a.ravel()]
    elif a.dtype.kind == "f":
        d["floats"] = sha(a.astype("<f8"))
    return d


def describe(o):
    d = {"path": o.name, "attrs": {k: describe_attr(v) for k, v in o.attrs.items()}}
    if isinstance(o, h5py.Group):
        d["kind"] = "group"
        d["children"] = list(o.keys())
    elif isinstance(o, h5py.Dataset):
        d["kind"] = "dataset"
        d["shape"] = list(o.shape)
        if h5py.check_string_dtype(o.dtype):
            d["strings"] = [text(x) for x in np.asarray(o[()]).ravel()]
        else:
            d["dtype"] = o.dtype.newbyteorder("=").name if o.dtype.kind != "V" else "bfloat16"
            d["sha"] = sha(o[()])
    else:
        d["kind"] = "type"
    return d


def walk(o):
    """Everything below o; unlike visititems, an object with two names twice."""
    items = [describe(o)]
    if isinstance(o, h5py.Group):
        for name in o:
            items += walk(o[name])
    return items
