"""Measures matrix products, and torch's convolutions, for `bench kernels`; prints a JSON list of GFLOP/s by shape."""

import argparse
import json
import statistics
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--library", dest="contender", required=True)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--seconds", type=float, default=0.2, help="for each shape")
parser.add_argument("--products", required=True, help="JSON list of Title, FLOPs, A, B (shapes as stored), TransA, TransB")
parser.add_argument("--convolutions", required=True, help="JSON list of Title, FLOPs, Pass, X, W, Y (shapes, channels last)")
args = parser.parse_args()


def median_seconds(step):
    for _ in range(3):
        step()
    times, end = [], time.perf_counter() + args.seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def numpy_steps():
    import numpy as np

    rng = np.random.default_rng(1)
    for p in json.loads(args.products):
        a, b = (rng.uniform(-1, 1, p[k]).astype("float32") for k in "AB")
        a, b = a.T if p["TransA"] else a, b.T if p["TransB"] else b
        c = np.empty((a.shape[0], b.shape[1]), "float32")
        yield p, lambda: np.matmul(a, b, out=c)


def torch_steps():
    import torch

    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    torch.manual_seed(1)
    for p in json.loads(args.products):
        a, b = (torch.rand(*p[k]) - 0.5 for k in "AB")
        a, b = a.t() if p["TransA"] else a, b.t() if p["TransB"] else b
        c = torch.empty(a.shape[0], b.shape[1])
        yield p, lambda: torch.mm(a, b, out=c)
    last = torch.channels_last
    for p in json.loads(args.convolutions):
        x, y = ((torch.rand(*p[k]) - 0.5).permute(0, 3, 1, 2).contiguous(memory_format=last) for k in "XY")
        w = (torch.rand(*p["W"]) - 0.5).permute(3, 2, 0, 1).contiguous(memory_format=last)

        def backward(mask):
            return torch.ops.aten.convolution_backward(y, x, w, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, mask)

        yield p, {
            "forward": lambda: torch.nn.functional.conv2d(x, w),
            "weight gradient": lambda: backward([False, True, False]),
            "input gradient": lambda: backward([True, False, False]),
        }[p["Pass"]]


if "numpy" in args.contender:
    import numpy

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    steps, version = numpy_steps, f"numpy {numpy.__version__} with {blas['name']} {blas['version']}"
else:
    import torch

    steps, version = torch_steps, f"torch {torch.__version__}"
print(json.dumps([
    {"library": args.contender, "shape": p["Title"], "threads": args.threads, "gflops": p["FLOPs"] / 1e9 / median_seconds(step), "version": version}
    for p, step in steps()
]))
