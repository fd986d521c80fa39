"""Writes the HDF5 fixtures of this folder's parent and, beside each, a manifest of what h5py reads back from it.

Usage: python fixtures.py <output folder>     (needs h5py and numpy)
Files above 100 KB are stored gzipped.
"""
import gzip, json, os, sys
import h5py
import numpy as np
from manifest import walk

out = sys.argv[1]
rng = np.random.default_rng(7)


def file(name, fill, manifest=True, **kw):
    path = os.path.join(out, name + ".h5")
    with h5py.File(path, "w", **kw) as f:
        fill(f)
    if manifest:
        with h5py.File(path, "r") as f:
            text = json.dumps(walk(f), indent=0)
        with open(os.path.join(out, name + ".json"), "w") as g:
            g.write(text)
        shrink(os.path.join(out, name + ".json"))
    shrink(path)


def shrink(path):
    if os.path.getsize(path) > 100_000 or path.endswith(".json") and os.path.getsize(path) > 20_000:
        with open(path, "rb") as f, open(path + ".gz", "wb") as g:
            g.write(gzip.compress(f.read(), 9, mtime=0))
        os.remove(path)


def types(f):
    a = np.arange(24).reshape(2, 3, 4)
    for t in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 >f2 >f4 >f8 >i2 >i4 >i8 >u4".split():
        f["n/" + t.replace(">", "be_")] = (a - 5 if "u" not in t else a).astype(t)
    f["n/i8_large"] = np.array([2**53 + 1, -(2**63), 2**63 - 1])
    f["n/f2_special"] = np.array([0, -0.0, 6e-8, 1e-5, 65504, np.inf, -np.inf, np.nan], "f2")
    f["n/bool"] = a % 2 == 0
    f["n/scalar"] = np.float32(3.5)
    f["n/empty"] = np.zeros((0, 4), "f4")
    f["n/bfloat16"] = (np.arange(6, dtype="f4").view("u4") >> 16).astype("u2").view("V2").reshape(2, 3)
    f["n/bfloat16"].attrs["dtype"] = "bfloat16"
    f["n/never_written"] = f.create_dataset("hole", (3, 5), "f4", fillvalue=1.5)
    f["s/fixed"] = np.array([b"a", b"bcd", b""], "S3")
    f["s/variable"] = np.array(["alpha", "", "gr\u00fc\u00df"], dtype=h5py.string_dtype())
    f["s/scalar"] = "one"
    e = h5py.enum_dtype({"RED": 0, "GREEN": 1}, "i2")
    f.create_dataset("n/enum", data=np.array([1, 0, 1], "i2"), dtype=e)
    f["named"] = np.dtype("f4")
    f.create_dataset("n/of_named", data=np.arange(3, dtype="f4"), dtype=f["named"])
    d = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    d.set_layout(h5py.h5d.COMPACT)
    s = h5py.h5s.create_simple((4,))
    h5py.h5d.create(f["n"].id, b"compact", h5py.h5t.IEEE_F32LE, s, d).write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(4, dtype="f4"))
    g = f.create_group("attrs")
    g.attrs["text"] = "text"
    g.attrs["bytes"] = np.bytes_(b"bytes")
    g.attrs["fixed"] = np.array([b"kernel", b"bias"])
    g.attrs["variable"] = ["x", "yy", ""]
    g.attrs["int"] = 7
    g.attrs["ints"] = np.arange(6, dtype=">i4").reshape(2, 3)
    g.attrs["float"] = 0.1
    g.attrs["floats"] = np.array([1, 2.5], "f4")
    g.attrs["bool"] = True
    g.attrs["empty_list"] = []
    g.attrs["null"] = h5py.Empty("f4")


def chunks(f):
    a = rng.integers(0, 9, (37, 23)).astype("f4")
    f.create_dataset("gzip", data=a, chunks=(8, 8), compression="gzip")
    f.create_dataset("gzip_shuffle", data=a, chunks=(8, 8), compression="gzip", shuffle=True)
    f.create_dataset("shuffle", data=a, chunks=(8, 8), shuffle=True)
    f.create_dataset("fletcher", data=a, chunks=(8, 8), fletcher32=True)
    f.create_dataset("all", data=a, chunks=(30, 20), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("lzf", data=a, chunks=(8, 8), compression="lzf")
    f.create_dataset("lzf_shuffle", data=a.astype(">i4"), chunks=(8, 23), compression="lzf", shuffle=True)
    f.create_dataset("plain", data=a, chunks=(7, 5))
    f.create_dataset("single", data=a, chunks=(37, 23))
    f.create_dataset("single_gzip", data=a, chunks=(37, 23), compression="gzip")
    f.create_dataset("many", data=np.arange(600, dtype="i2"), chunks=(1,), maxshape=(600,))
    f.create_dataset("many_gzip", data=np.arange(2400, dtype="i2"), chunks=(2,), compression="gzip")
    f.create_dataset("extensible", data=a, chunks=(2, 5), maxshape=(None, 23))
    f.create_dataset("extensible_1", data=a, chunks=(5, 2), maxshape=(60, None), compression="gzip")
    f.create_dataset("extensible_long", data=np.arange(3000, dtype="i2"), chunks=(1,), maxshape=(None,))
    f.create_dataset("btree", data=a, chunks=(3, 3), maxshape=(None, None))
    f.create_dataset("btree_gzip", data=a, chunks=(3, 3), maxshape=(None, None), compression="gzip")
    f.create_dataset("cube", data=rng.integers(0, 9, (5, 6, 7)).astype("i8"), chunks=(2, 4, 3), compression="gzip")
    f.create_dataset("never", (9, 9), "f4", chunks=(4, 4), fillvalue=2.5)
    p = f.create_dataset("partly", (20, 20), "i4", chunks=(4, 4), fillvalue=-1)
    p[5:7, 3:9] = 8
    p = f.create_dataset("partly_long", (5000,), "i2", chunks=(2,), maxshape=(None,), fillvalue=3)
    p[4800:4810] = 1
    p = f.create_dataset("shrunk", data=np.arange(100, dtype="i4"), chunks=(7,), maxshape=(None,))
    p.resize((30,))
    p = f.create_dataset("strings", (5,), h5py.string_dtype(), chunks=(2,), compression="gzip")
    p[1:4] = ["a", "bb", "ccc"]
    d = h5py.h5p.create(h5py.h5p.DATASET_CREATE)  # early allocation: implicit index
    d.set_chunk((4, 4))
    d.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    s = h5py.h5s.create_simple(a.shape)
    h5py.h5d.create(f.id, b"implicit", h5py.h5t.IEEE_F32LE, s, d).write(h5py.h5s.ALL, h5py.h5s.ALL, a)
    d = h5py.h5p.create(h5py.h5p.DATASET_CREATE)  # partial edge chunks stay unfiltered
    d.set_chunk((8, 8))
    d.set_deflate(4)
    if hasattr(d, "set_chunk_opts"):
        d.set_chunk_opts(1)
    h5py.h5d.create(f.id, b"edges", h5py.h5t.IEEE_F32LE, s, d).write(h5py.h5s.ALL, h5py.h5s.ALL, a)


def links(n):
    def fill(f):
        g = f.create_group("many")
        for i in range(n):
            g.create_group(f"link_{i:05d}_{'x' * (i % 17)}")
        g.attrs["count"] = n
    return fill


def attributes(f):
    for i in range(60):
        f.attrs[f"attr_{i}"] = f"value {i}"
    g = f.create_group("g")
    for i in range(20):
        g.attrs[f"a{i}"] = np.arange(i)
    g.attrs["long"] = "x" * 5000
    g.attrs["config"] = "y" * 200_000


def huge_attributes(f):
    attributes(f)
    f.attrs["huge"] = np.array([b"z" * 1000] * 200)  # above 64 KB: dense storage only


def ordered(f):
    for n in ["zeta", "alpha", "mid"]:
        g = f.create_group(n, track_order=True)
        for m in "cab":
            g[m] = 1


def sub(f):
    f["a/b/c"] = np.arange(5, dtype="f4")
    f.attrs["x"] = "y"


def soft(f):
    f["real"] = np.arange(3)
    f["soft"] = h5py.SoftLink("/real")


def external(f):
    f["ext"] = h5py.ExternalLink("/etc/passwd", "/x")


def storage(f):
    f.create_dataset("raw", (8,), "u1", external=[("/etc/passwd", 0, 8)])


def virtual(f):
    l = h5py.VirtualLayout((4,), "f4")
    l[:] = h5py.VirtualSource("other.h5", "x", (4,))
    f.create_virtual_dataset("v", l)


def cycle(f):
    f.create_group("a/b")
    f["a/b/again"] = f["a"]


def twice(f):
    f["a"] = np.arange(3)
    f["b"] = f["a"]


file("types_v0", types)
file("types_latest", types, libver="latest")
file("chunks_v0", chunks)
file("chunks_latest", chunks, libver="latest")
for n in (8, 9, 149):
    file(f"links{n}_v0", links(n))
for n in (9, 149, 3000):
    file(f"links{n}_latest", links(n), libver="latest")
file("attributes_v0", attributes)
file("attributes_latest", huge_attributes, libver="latest")
file("ordered_v0", ordered, track_order=True)
file("ordered_latest", ordered, track_order=True, libver="latest")
file("superblock_v2", sub, libver="v108")
file("superblock_v3", sub, libver="v110")
file("userblock", sub, userblock_size=512)
file("twice", twice)
for lv, kw in (("v0", {}), ("latest", {"libver": "latest"})):
    file("soft_" + lv, soft, False, **kw)
    file("external_" + lv, external, False, **kw)
    file("storage_" + lv, storage, False, **kw)
    file("virtual_" + lv, virtual, False, **kw)
    file("cycle_" + lv, cycle, False, **kw)
