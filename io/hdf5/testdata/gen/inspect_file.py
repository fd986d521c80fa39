"""Prints the manifest of an HDF5 file: inspect_file.py read|edit <file>. "edit" first changes the file as a user may."""
import json, sys
import h5py
import numpy as np
from manifest import walk

mode, name = sys.argv[1:3]
if mode == "edit":
    with h5py.File(name, "r+") as f:
        for i in range(300):
            f.create_group(f"types/new_{i}")
        del f["types/float64"]
        f["types/float32"][0, 0] = 42
        f["layers/dense"].attrs["added"] = "later"
        f.attrs["more"] = ["x"] * 50
        f["big"] = np.arange(10000)
with h5py.File(name, "r") as f:
    print(json.dumps(walk(f)))
