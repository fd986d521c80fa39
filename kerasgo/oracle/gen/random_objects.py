"""Draws of what layers and compile take: initializers, regularizers, constraints, activations, optimizers, losses, metrics."""

import keras

I, R, C, O, S, F, M = (keras.initializers, keras.regularizers, keras.constraints, keras.optimizers, keras.optimizers.schedules,
                       keras.losses, keras.metrics)

# Those whose gradient at 0 Keras's backends agree on; sparsemax is wrong in Keras for more than two axes.
ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "silu", "leaky_relu", "softplus", "softsign", "exponential", "hard_sigmoid", "relu6",
               "log_softmax", "mish", "hard_silu", "celu", "hard_tanh", "tanh_shrink", "squareplus", "log_sigmoid", "hard_shrink", "soft_shrink", "sparse_plus",
               "sparse_sigmoid"]


class Objects:
    def __init__(self, rng):
        self.rng = rng

    def pick(self, *options):
        return options[int(self.rng.integers(len(options)))]

    def chance(self, p=0.5):
        return bool(self.rng.random() < p)

    def integer(self, low, high):
        return int(self.rng.integers(low, high + 1))

    def number(self, low, high):
        return round(float(self.rng.uniform(low, high)), 4)

    def some(self, **options):
        """Each of the arguments with probability one half."""
        return {k: v() if callable(v) else v for k, v in options.items() if self.chance()}

    def activation(self, *names):
        return self.pick(*(names or ACTIVATIONS))

    def initializer(self):
        return self.pick(
            "zeros", "ones", "he_normal", "lecun_uniform", "glorot_normal", "random_normal", "normal", "uniform", I.Constant(0.1), I.RandomNormal(0.1, 0.2, seed=4),
            I.RandomUniform(-0.1, 0.3), I.GlorotUniform(seed=1), I.HeNormal(), "ones", I.LecunUniform(seed=2), I.TruncatedNormal(stddev=0.2), I.HeUniform(seed=3), I.LecunNormal(),
            I.VarianceScaling(self.number(0.5, 2), self.pick("fan_in", "fan_out", "fan_avg"), self.pick("uniform", "truncated_normal", "untruncated_normal")))

    def regularizer(self):
        return self.pick("l1", "l2", "l1l2", R.L1(self.number(0, 0.02)), R.L2(self.number(0, 0.02)), R.L1L2(self.number(0, 0.02), self.number(0, 0.02)))

    def constraint(self):
        return self.pick("max_norm", "non_neg", "unit_norm", C.MaxNorm(self.number(0.5, 2)), C.MinMaxNorm(0.2, 1.0, rate=self.pick(1.0, 0.5)), C.UnitNorm(), "min_max_norm")

    def rate(self):
        return self.number(0.001, 0.02)

    def schedule(self):
        rate = self.number(0.001, 0.02)
        return self.pick(
            S.ExponentialDecay(rate, self.integer(1, 5), 0.9, staircase=self.chance()), S.InverseTimeDecay(rate, 3, 0.5, staircase=self.chance()),
            S.PolynomialDecay(rate, self.integer(3, 9), 0.0005, power=self.pick(1.0, 2.0), cycle=self.chance()),
            S.CosineDecay(rate, 8, alpha=0.1, **self.pick({}, {"warmup_target": 0.02, "warmup_steps": 3})),
            S.CosineDecayRestarts(rate, 3, t_mul=2.0, m_mul=0.9, alpha=0.05), S.PiecewiseConstantDecay([1, 3], [rate, rate / 2, rate / 4]))

    def shared_options(self):
        """Arguments that all optimizers have."""
        k = {"learning_rate": self.schedule() if self.chance(0.25) else self.number(0.001, 0.02)}
        if self.chance(0.2):
            k["weight_decay"] = self.number(0.001, 0.05)
        if self.chance(0.3):
            k[self.pick("clipnorm", "clipvalue", "global_clipnorm")] = self.number(0.05, 1)
        if self.chance(0.2):
            k.update(use_ema=True, ema_momentum=self.pick(0.5, 0.9, 0.99), **self.pick({}, {"ema_overwrite_frequency": 2}, {"ema_overwrite_frequency": 3}))
        if self.chance(0.15):
            k["gradient_accumulation_steps"] = self.pick(2, 3)
        if self.chance(0.1):
            k["loss_scale_factor"] = self.pick(0.25, 8.0)
        return k

    def optimizer(self):
        if self.chance(0.06):
            return self.pick("sgd", "adam", "rmsprop", "adagrad", "nadam", "adamax", "adadelta", "ftrl", "lion", "adamw", "adafactor")
        if self.chance(0.08):
            one, two = self.single(), self.single()
            return O.MultiOptimizer(O.OptimizerMap(one, {self.pick(".*kernel", ".*(bias|beta|gamma)", "nothing", ".*_1/.*"): two}), **self.pick({}, {"loss_scale_factor": 4.0}))
        o = self.single()
        if self.chance(0.06):
            return O.LossScaleOptimizer(o, initial_scale=self.pick(32768.0, 8.0), dynamic_growth_steps=self.pick(2, 2000))
        return o

    def single(self):
        """An optimizer that updates variables itself."""
        make = {
            "SGD": lambda: self.some(momentum=0.9, nesterov=self.chance),
            "Adam": lambda: self.some(beta_1=0.8, beta_2=0.99, epsilon=1e-3, amsgrad=self.chance),
            "AdamW": lambda: self.some(beta_1=0.8, weight_decay=0.01, amsgrad=self.chance),
            "RMSprop": lambda: {"epsilon": 1e-3, **self.some(rho=0.8, momentum=0.5, centered=self.chance)},
            "Adagrad": lambda: self.some(initial_accumulator_value=0.3),
            "Adadelta": lambda: self.some(rho=0.9),
            "Adamax": lambda: self.some(beta_1=0.8),
            "Nadam": lambda: self.some(beta_1=0.8, epsilon=1e-3),
            "Ftrl": lambda: self.some(learning_rate_power=-0.4, l1_regularization_strength=0.001, l2_regularization_strength=0.01,
                                      l2_shrinkage_regularization_strength=0.01, beta=0.1),
            "Lion": lambda: self.some(beta_1=0.8, beta_2=0.9),
            "Lamb": lambda: self.some(beta_1=0.8, epsilon=1e-3),
            "Adafactor": lambda: self.some(beta_2_decay=-0.6, epsilon_2=0.01, clip_threshold=0.5, relative_step=self.chance),
            "Muon": lambda: self.some(momentum=0.8, nesterov=self.chance, ns_steps=3, adam_lr_ratio=0.5, adam_beta_1=0.8, rms_rate=self.pick(0.1, None)),
            "ScheduleFreeAdamW": lambda: self.some(beta_1=0.8, warmup_steps=3),
        }
        if keras.backend.backend() != "jax":
            del make["ScheduleFreeAdamW"]  # elsewhere what Keras 3.15.1 calls momentum_old has changed by the time it is read
        name = self.pick(*make)
        return getattr(O, name)(**{**self.shared_options(), **make[name]()})

    def reduction(self):
        return self.pick({}, {}, {}, {"reduction": "sum"}, {"reduction": "mean"}, {"reduction": "mean_with_sample_weight"})

    def loss(self, kind):
        """A loss for targets of a kind; logits are told of."""
        kind, _, logits = kind.partition("_")
        k = {**self.reduction(), **({"from_logits": True} if logits else {})}
        smooth = self.pick({}, {"label_smoothing": 0.1})
        plain = not logits and self.chance()
        if kind == "classes":
            if plain:
                return self.pick("categorical_crossentropy", "CategoricalCrossentropy", "kld", "categorical_hinge", "crossentropy", "mse")
            return self.pick(lambda: F.CategoricalCrossentropy(**k, **smooth), lambda: F.CategoricalFocalCrossentropy(**k, gamma=1.5))()
        if kind == "sparse":
            if plain:
                return "sparse_categorical_crossentropy"
            return F.SparseCategoricalCrossentropy(**k, **self.pick({}, {"ignore_class": 1}))
        if kind == "binary":
            if plain:
                return self.pick("binary_crossentropy", "bce", "hinge", "squared_hinge", "mae")
            return self.pick(lambda: F.BinaryCrossentropy(**k, **smooth), lambda: F.BinaryFocalCrossentropy(**k, gamma=1.5, apply_class_balancing=self.chance()))()
        if self.chance():
            return self.pick("mse", "mae", "MAE", "mean_squared_error", "huber", "log_cosh", "mape", "cosine_similarity")
        return self.pick(F.MeanSquaredError, F.MeanAbsoluteError, F.LogCosh, F.Huber, F.MeanAbsolutePercentageError,
                         F.CosineSimilarity)(**k)

    def metrics(self, kind):
        kind, _, logits = kind.partition("_")
        c = {"from_logits": True} if logits else {}
        unit = [] if logits else {
            "classes": [lambda: M.Precision(thresholds=0.4), lambda: M.Recall(class_id=0), lambda: M.AUC(num_thresholds=20, multi_label=False), lambda: M.Precision(top_k=1)],
            "binary": [lambda: M.Precision(), lambda: M.Recall(thresholds=[0.3, 0.7]), lambda: M.AUC(num_thresholds=15, curve=self.pick("ROC", "PR")), lambda: M.TruePositives(),
                       lambda: M.FalseNegatives(thresholds=0.3), lambda: M.BinaryIoU(target_class_ids=[1])],
        }.get(kind, [])
        options = {
            "classes": ["accuracy", "acc", "categorical_accuracy", "mse", lambda: M.TopKCategoricalAccuracy(k=2), lambda: M.CategoricalCrossentropy(**c), M.CategoricalHinge],
            "sparse": ["accuracy", "sparse_categorical_accuracy", lambda: M.SparseTopKCategoricalAccuracy(k=2), lambda: M.SparseCategoricalCrossentropy(**c)],
            "binary": ["accuracy", "binary_accuracy", lambda: M.BinaryAccuracy(threshold=0.3), lambda: M.BinaryCrossentropy(**c), M.Hinge],
            "number": ["mae", "mse", "mape", "msle", M.RootMeanSquaredError, lambda: M.MeanSquaredError(name="own"), M.LogCoshError, M.CosineSimilarity],
        }[kind] + unit
        order = self.rng.permutation(len(options))[:self.integer(1, 3)]
        return [options[i]() if callable(options[i]) else options[i] for i in order]

    def compiled(self, kinds, names):
        """Arguments of compile for outputs of these kinds."""
        losses = [self.loss(k) for k in kinds]
        k = {"optimizer": self.optimizer()}
        by_name = self.chance() and len(set(names)) == len(names)
        shape = lambda per: per[0] if len(per) == 1 else dict(zip(names, per)) if by_name else per
        k["loss"] = shape(losses)
        for arg in ("metrics", "weighted_metrics"):
            if self.chance(0.6):
                k[arg] = shape([self.metrics(kind) for kind in kinds])
        if len(kinds) > 1 and self.chance():
            k["loss_weights"] = shape([self.number(0.2, 2) for _ in kinds])
        return k
