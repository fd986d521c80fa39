"""Draws of recurrent layers, cells and wrappers."""

import keras

L = keras.layers


class Recurrent:
    """A part of random_layers.Layers."""

    def recurrent(self, bias=True):
        k = self.common({}, "kernel", "recurrent", "bias")
        if self.chance(0.3):
            k["activation"] = self.activation("tanh", "relu", "softsign")
        if self.chance(0.2):
            k["use_bias"] = self.chance()
        if not bias and not self.steady and self.chance(0.2):
            k.update(dropout=self.rate(), recurrent_dropout=self.rate(), **self.seeded())
        return k

    def gates(self, k):
        if self.chance(0.3):
            k["recurrent_activation"] = self.pick("sigmoid", "hard_sigmoid")
        return k

    def sequences(self, k):
        for name in ("return_sequences", "go_backwards", "unroll", "zero_output_for_mask"):
            if self.chance(0.5 if name == "return_sequences" else 0.15):
                k[name] = True
        if not self.steady and self.chance(0.2):
            k.update(dropout=self.rate(), recurrent_dropout=self.rate(), **self.seeded())
        if self.chance(0.1):
            k["activity_regularizer"] = self.regularizer()
        return k

    def _rnn(self, cls, s, **k):
        if len(s) == 2:
            if cls is not L.SimpleRNN and self.chance(0.1):
                k["use_cudnn"] = False
            return cls(self.integer(1, 5), **self.sequences(k))

    def SimpleRNN(self, s):
        return self._rnn(L.SimpleRNN, s, **self.recurrent())

    def LSTM(self, s):
        return self._rnn(L.LSTM, s, **self.gates(self.recurrent()), **self.pick({}, {"unit_forget_bias": False}))

    def GRU(self, s):
        return self._rnn(L.GRU, s, **self.gates(self.recurrent()), **self.pick({}, {"reset_after": False}))

    def SimpleRNNCell(self):
        return L.SimpleRNNCell(self.integer(1, 4), **self.recurrent(False))

    def LSTMCell(self):
        return L.LSTMCell(self.integer(1, 4), **self.gates(self.recurrent(False)), **self.pick({}, {"unit_forget_bias": False}))

    def GRUCell(self):
        return L.GRUCell(self.integer(1, 4), **self.gates(self.recurrent(False)), **self.pick({}, {"reset_after": False}))

    def cell(self):
        self.inside += 1
        cell = self.pick(self.SimpleRNNCell, self.LSTMCell, self.GRUCell)()
        self.inside -= 1
        return cell

    def RNN(self, s):
        if len(s) == 2:
            k = {n: True for n in ("return_sequences", "go_backwards", "unroll", "zero_output_for_mask") if self.chance(0.3)}
            return L.RNN(L.StackedRNNCells([self.cell() for _ in range(self.integer(1, 3))]) if self.chance() else self.cell(), **k)

    StackedRNNCells = RNN

    def _conv_lstm(self, cls, s, rank):
        if len(s) != rank + 2:
            return None
        k = {}
        each = lambda a, b: self.integer(a, b) if self.chance() else tuple(self.integer(a, b) for _ in range(rank))
        if self.chance(0.3):
            k["strides"] = each(1, 2)
        elif self.chance(0.3):
            k["dilation_rate"] = each(1, 2)
        k["padding"] = self.pick("valid", "same")
        k = self.sequences({**self.gates(self.recurrent()), **k, **self.pick({}, {"unit_forget_bias": False})})
        k.pop("unroll", None)
        return cls(self.integer(1, 3), each(1, 3), **k)

    def ConvLSTM1D(self, s):
        return self._conv_lstm(L.ConvLSTM1D, s, 1)

    def ConvLSTM2D(self, s):
        return self._conv_lstm(L.ConvLSTM2D, s, 2)

    def ConvLSTM3D(self, s):
        return self._conv_lstm(L.ConvLSTM3D, s, 3)

    def Bidirectional(self, s):
        if len(s) == 2:
            layer = self.wrapped(s, "SimpleRNN", "LSTM", "GRU")
            layer.go_backwards = False
            k = self.pick({}, {"merge_mode": self.pick("sum", "mul", "ave", "concat")})
            if self.chance(0.3):
                k["backward_layer"] = type(layer)(layer.units, return_sequences=layer.return_sequences, go_backwards=True, **self.pick({}, {"activation": "relu"}, {"use_bias": False}))
            return L.Bidirectional(layer, **k)

    def SpectralNormalization(self, s):
        inner = self.wrapped(s, "Dense", "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "DepthwiseConv2D")
        if inner and not self.steady and hasattr(inner, "kernel_initializer"):
            return L.SpectralNormalization(inner, power_iterations=self.integer(1, 3))

    def TimeDistributed(self, s):
        if len(s) >= 2:
            inner = self.wrapped(s[1:], "Dense", "Conv1D", "Flatten", "Activation", "MaxPooling1D", "LayerNormalization", "BatchNormalization", "Reshape", "Conv2D", "LSTM",
                               "GRU", "EinsumDense", "GlobalAveragePooling1D", "PReLU", "ZeroPadding2D", "Softmax", "TimeDistributed")
            return inner and L.TimeDistributed(inner)
