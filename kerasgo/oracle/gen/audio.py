"""Records what real Keras computes for the layers over sound: ../testdata/audio.json.gz.

Run with KERAS_BACKEND=tensorflow on a CPU:  python audio.py
Cases are as in layers.py; the kernels of STFTSpectrogram are those that the layer starts with.
"""

import sys

import layers
from layers import keras, record
from record import write

layers.weights_for = lambda layer, rng: [w.numpy() for w in layer.weights]


def cases():
    """(class, arguments, input shapes, options)"""
    for mode in ("log", "magnitude", "psd", "real", "imag", "angle", "stft"):
        yield "STFTSpectrogram", dict(mode=mode, frame_length=16), [(2, 50, 3)], {}
        yield "STFTSpectrogram", dict(mode=mode, frame_length=11, frame_step=4, fft_length=20, padding="same", expand_dims=True, window="hamming"), [(2, 33, 2)], {}
    for a in (dict(window="blackman", scaling="spectrum"), dict(window=None), dict(scaling=None, periodic=True), dict(window="bartlett", expand_dims=True),
              dict(window="nuttall", periodic=True), dict(window="parzen"), dict(window="tukey"), dict(window="bohman"), dict(window="barthann"), dict(window="cosine"),
              dict(window="triang"), dict(window="flattop"), dict(window="blackmanharris"), dict(window="lanczos"), dict(window="boxcar", scaling="spectrum"), dict(trainable=False)):
        yield "STFTSpectrogram", dict(mode="magnitude", frame_length=12, frame_step=5, **a), [(1, 40, 2)], {}
    for a in ({}, dict(sequence_length=20), dict(sequence_stride=5, window="hamming"), dict(power_to_db=False), dict(mag_exp=1.0, power_to_db=False),
              dict(num_mel_bins=3, min_freq=100.0, max_freq=3000.0), dict(window=None, top_db=10.0), dict(sampling_rate=8000, ref_power=0.1, min_power=1e-3),
              dict(fft_length=30, sequence_length=14, sequence_stride=7)):  # TensorFlow's odd windows are symmetric, the other backends' periodic
        yield "MelSpectrogram", {**dict(fft_length=32, sequence_stride=8, num_mel_bins=5), **a}, [(2, 70)], {}


if __name__ == "__main__":
    out = []
    for i, c in enumerate(cases()):
        print(i, c[0], c[1], file=sys.stderr, flush=True)
        out.append(record(8000 + i, *c))
    write("audio.json.gz", "gen/audio.py", out, keras.__version__)
