"""Records what Keras's audio_dataset_from_directory and text_dataset_from_directory read: ../files.json.

Run with KERAS_BACKEND=tensorflow:  python files.py
"files" are the recordings (16-bit samples by channels) and texts; each case has the arguments, and the training and validation parts as [x, y] pairs,
those of the training part in the order of their values because tf.data mixes it once more.
"""

import json
import os
import tempfile
import wave

import keras
import numpy as np

rng = np.random.default_rng(8)
NAMES = ["a/z.wav", "a/b/q.WAV", "a/a.wav", "b/1.wav", "b/10.wav", "b/2.wav", "c/x.wav", "c/d/e/y.wav", ".hidden/h.wav", "a/no.mp3"]
recordings = {n: rng.integers(-32768, 32767, (int(rng.integers(1, 6)), 2)).tolist() for n in NAMES}
texts = {n.replace("wav", "txt").replace("WAV", "TXT"): f"text of {n}\nand ü" for n in NAMES}


def pairs(dataset, mixed):
    out = []
    for batch in dataset:
        x, y = batch if isinstance(batch, tuple) else (batch, None)
        x = x.numpy()
        rows = [r.decode() for r in x] if x.dtype == object else x.tolist()
        out += [[r, None if y is None else y.numpy()[i].tolist()] for i, r in enumerate(rows)]
    return sorted(out, key=json.dumps) if mixed else out


def case(kind, folder, **k):
    read = {"audio": keras.utils.audio_dataset_from_directory, "text": keras.utils.text_dataset_from_directory}[kind]
    split = "validation_split" in k
    got = read(folder, batch_size=100, verbose=False, **(dict(subset="both") if split else dict(shuffle=False)), **k)
    return {"kind": kind, "arguments": k, "training": pairs(got[0] if split else got, split), "validation": pairs(got[1], False) if split else None}


with tempfile.TemporaryDirectory() as folder:
    for name in NAMES:
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with wave.open(os.path.join(folder, name), "wb") as w:
            w.setnchannels(2)
            w.setsampwidth(2)
            w.setframerate(8000)
            w.writeframes(np.array(recordings[name], "<i2").tobytes())
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)
    cases = []
    for kind in ("audio", "text"):
        longest = {} if kind == "audio" else {"max_length": 9}
        cases += [
            case(kind, folder),
            case(kind, folder, label_mode="categorical", **({"output_sequence_length": 3} if kind == "audio" else longest)),
            case(kind, folder, label_mode="binary", class_names=["c", "a"]),
            case(kind, folder, label_mode=None),
            case(kind, folder, class_names=["b", "c"], **({"output_sequence_length": 9} if kind == "audio" else longest)),
            *[case(kind, folder, validation_split=v, seed=s, output_sequence_length=4) if kind == "audio" else case(kind, folder, validation_split=v, seed=s)
              for v, s in ((0.3, 1), (0.5, 42), (0.2, 7))],
        ]

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "files.json"), "w") as f:
    json.dump({"keras": keras.__version__, "recordings": recordings, "texts": texts, "cases": cases}, f, separators=(",", ":"))
print(len(cases), "cases")
