"""Reads TensorBoard's event files with TensorFlow: events.py <folder> <report>.

The report is JSON: for every file's folder and tag the steps with what stands there, a number or the shape of an array.
"""
import json, os, pathlib, sys
import tensorflow as tf

folder, report = sys.argv[1:]
out = {}
for path in sorted(pathlib.Path(folder).rglob("events.out.tfevents.*")):
    part = path.parent.relative_to(folder).as_posix()
    for event in tf.compat.v1.train.summary_iterator(str(path)):  # checks the sums of the records
        for v in event.summary.value:
            a = tf.make_ndarray(v.tensor)
            value = float(a) if a.shape == () and a.dtype.kind == "f" else list(a.shape)
            out.setdefault(part, {}).setdefault(v.tag, []).append([event.step, value, v.metadata.plugin_data.plugin_name])
with open(report, "w") as f:
    json.dump(out, f)
