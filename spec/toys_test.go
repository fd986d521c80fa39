package spec

// Stand-ins for the classes that other packages register, with the same names and arguments, so that messages can be tested here to the byte.

type Conv2D struct {
	Filters           int    `keras:"filters,pos,required,min=1"`
	KernelSize        [2]int `keras:"kernel_size,required,min=1"`
	Strides           [2]int `keras:"strides,default=1|1,min=1"`
	Padding           string `keras:"padding,default=valid,enum=valid|same"`
	DataFormat        string `keras:"data_format,enum=channels_last|channels_first"`
	Activation        any    `keras:"activation,kind=activation,default=linear"`
	UseBias           *bool  `keras:"use_bias,default=true"`
	KernelInitializer any    `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"`
	KernelRegularizer any    `keras:"kernel_regularizer,kind=regularizer"`
	KernelConstraint  any    `keras:"kernel_constraint,kind=constraint"`
	Name              string `keras:"name"`
	Trainable         *bool  `keras:"trainable,default=true"`
	DType             string `keras:"dtype"`
	InputShape        []int  `keras:"input_shape,noconfig,shape"`
}

type Dense struct {
	Units             int    `keras:"units,pos,required,min=1"`
	Activation        any    `keras:"activation,kind=activation,default=linear"`
	UseBias           *bool  `keras:"use_bias,default=true"`
	KernelInitializer any    `keras:"kernel_initializer,kind=initializer,default=glorot_uniform"`
	KernelRegularizer any    `keras:"kernel_regularizer,kind=regularizer"`
	ActivityRegular   any    `keras:"activity_regularizer,kind=regularizer,omitdefault"`
	Name              string `keras:"name"`
	Trainable         *bool  `keras:"trainable,default=true"`
	DType             string `keras:"dtype"`
	InputShape        []int  `keras:"input_shape,noconfig,shape"`
}

type Activation struct {
	Activation any    `keras:"activation,pos,required,kind=activation"`
	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"`
	InputShape []int  `keras:"input_shape,noconfig,shape"`
}

type MaxPooling2D struct {
	PoolSize   [2]int `keras:"pool_size,pos,default=2|2,min=1"`
	Padding    string `keras:"padding,default=valid,enum=valid|same"`
	Strides    [2]int `keras:"strides,default=@pool_size,min=1"`
	Name       string `keras:"name"`
	Trainable  *bool  `keras:"trainable,default=true"`
	DType      string `keras:"dtype"`
	InputShape []int  `keras:"input_shape,noconfig,shape"`
}

type ZeroPadding2D struct {
	Padding *[2][2]int `keras:"padding,pos,default=1,min=0"`
	Name    string     `keras:"name"`
}

type Flatten struct {
	Name string `keras:"name"`
}

type Dropout struct {
	Rate       float64 `keras:"rate,pos,required,min=0,max=1"`
	Seed       *int    `keras:"seed"`
	NoiseShape []int   `keras:"noise_shape,shape"`
	Name       string  `keras:"name"`
}

type Bidirectional struct {
	Layer     any    `keras:"layer,pos,required,kind=layer"`
	MergeMode string `keras:"merge_mode,default=concat,enum=concat|sum|mul|ave,none=none"`
	Name      string `keras:"name"`
}

type BatchNormalization struct {
	Axis     Ints     `keras:"axis,default=-1"`
	Momentum *float64 `keras:"momentum,default=0.99"`
	Epsilon  *float64 `keras:"epsilon,default=0.001"`
	Name     string   `keras:"name"`
}

type InputLayer struct {
	BatchShape []int  `keras:"batch_shape,required,shape"`
	DType      string `keras:"dtype"`
	Sparse     bool   `keras:"sparse,default=false"`
	Name       string `keras:"name"`
}

type Sequential struct {
	Name      string `keras:"name"`
	Trainable *bool  `keras:"trainable,default=true"`
	DType     string `keras:"dtype"`
	Layers    []any  `keras:"layers,pos,kind=layer"`
}

type GlorotUniform struct {
	Seed      *int `keras:"seed"`
	InputAxes any  `keras:"input_axes,since=3.15"`
}

type Constant struct {
	Value float64 `keras:"value,pos,default=0"`
}

type L2 struct {
	L2 *float64 `keras:"l2,pos,default=0.01,min=0"`
}

type MaxNorm struct {
	MaxValue float64 `keras:"max_value,pos,default=2"`
	Axis     Ints    `keras:"axis,default=0"`
}

type CategoricalCrossentropy struct {
	FromLogits     bool    `keras:"from_logits,default=false"`
	LabelSmoothing float64 `keras:"label_smoothing,default=0,min=0,max=1"`
	Name           string  `keras:"name,default=categorical_crossentropy"`
}

type MeanSquaredError struct {
	Name string `keras:"name,default=mean_squared_error"`
}

type Precision struct {
	Thresholds []float64 `keras:"thresholds"`
	Name       string    `keras:"name"`
}

type Adam struct {
	Name         string   `keras:"name,default=adam"`
	LearningRate any      `keras:"learning_rate,pos,kind=schedule,default=0.001"`
	Beta1        *float64 `keras:"beta_1,default=0.9,min=0,max=1"`
	Epsilon      *float64 `keras:"epsilon,default=1e-07"`
	Amsgrad      bool     `keras:"amsgrad,default=false"`
}

type Lamb struct {
	Name string `keras:"name,default=lamb"`
}

type SGD struct {
	Name         string `keras:"name,default=SGD"`
	LearningRate any    `keras:"learning_rate,pos,kind=schedule,default=0.01"`
}

type ExponentialDecay struct {
	InitialLearningRate float64 `keras:"initial_learning_rate,required,min=1e-30"`
	DecaySteps          int     `keras:"decay_steps,required,min=1"`
	Name                string  `keras:"name,default=ExponentialDecay"`
}

type EarlyStopping struct {
	Monitor  string  `keras:"monitor,default=val_loss"`
	MinDelta float64 `keras:"min_delta,default=0"`
	Patience int     `keras:"patience,default=0,min=0"`
	Restore  bool    `keras:"restore_best_weights,default=false"`
}

type ModelCheckpoint struct {
	Filepath string `keras:"filepath,pos,required"`
	Monitor  string `keras:"monitor,default=val_loss"`
	BestOnly bool   `keras:"save_best_only,default=false"`
}

type TensorBoard struct {
	LogDir string `keras:"log_dir,pos,default=logs"`
}

type CSVLogger struct {
	Filename string `keras:"filename,pos,required"`
}

type MNIST struct {
	Dir            string `keras:"dir,default=mnist/"`
	OneHot         bool   `keras:"one_hot,default=false"`
	Reshape        []int  `keras:"reshape"`
	ValidationSize int    `keras:"validation_size,default=0,min=0"`
}

// The sections.

type Compile struct {
	Optimizer   any                `keras:"optimizer,kind=optimizer,default=rmsprop"`
	Loss        any                `keras:"loss,kind=loss,many"`
	LossWeights map[string]float64 `keras:"loss_weights"`
	Metrics     []any              `keras:"metrics,kind=metric,many"`
	JitCompile  any                `keras:"jit_compile,default=auto"`
}

type Fit struct {
	BatchSize   int             `keras:"batch_size,default=32,min=1"`
	Epochs      int             `keras:"epochs,default=1,min=1"`
	Verbose     int             `keras:"verbose,zero=-1"`
	Shuffle     *bool           `keras:"shuffle,default=true"`
	ClassWeight map[int]float64 `keras:"class_weight"`
	Callbacks   []any           `keras:"callbacks,kind=callback"`
	Validation  any             `keras:"validation_data"`
	Options     *FitOptions     `keras:"options"`
}

type FitOptions struct {
	Threads int `keras:"threads,default=2,min=1"`
}

type RMSprop struct {
	Name         string `keras:"name,default=rmsprop"`
	LearningRate any    `keras:"learning_rate,pos,kind=schedule,default=0.001"`
}

func linear() {}
func relu()   {}
func silu()   {}

func softmax() {}

func init() {
	Register[Conv2D]("keras.layers", Ignored("dilation_rate", "groups=1", "lora_rank"))
	Register[Dense]("keras.layers", Ignored("quantization_config", "lora_rank"))
	Register[Activation]("keras.layers")
	Register[MaxPooling2D]("keras.layers", Aliases("MaxPool2D"))
	Register[ZeroPadding2D]("keras.layers")
	Register[Flatten]("keras.layers", Ignored("data_format=channels_last"))
	Register[Dropout]("keras.layers", Renamed("p", "rate"))
	Register[Bidirectional]("keras.layers")
	Register[BatchNormalization]("keras.layers")
	Register[InputLayer]("keras.layers")
	Register[Sequential]("keras")
	Register[GlorotUniform]("keras.initializers")
	Register[Constant]("keras.initializers")
	Register[L2]("keras.regularizers")
	Register[MaxNorm]("keras.constraints")
	Register[CategoricalCrossentropy]("keras.losses")
	Register[MeanSquaredError]("keras.losses", Strings("mse", "MSE"))
	Register[Precision]("keras.metrics")
	Register[Adam]("keras.optimizers")
	Register[SGD]("keras.optimizers")
	Register[RMSprop]("keras.optimizers")
	Register[Lamb]("keras.optimizers", NotByString())
	Register[ExponentialDecay]("keras.optimizers.schedules")
	Register[EarlyStopping]("keras.callbacks")
	Register[CSVLogger]("keras.callbacks")
	Register[ModelCheckpoint]("keras.callbacks")
	Register[TensorBoard]("keras.callbacks")
	Register[MNIST]("kerasgo.data")
	RegisterFunc("keras.activations", "linear", linear)
	RegisterFunc("keras.activations", "relu", relu)
	RegisterFunc("keras.activations", "silu", silu, Strings("swish"))
	RegisterFunc("keras.activations", "softmax", softmax)
	RegisterNames("metric", "accuracy", "acc")
	RegisterNames("loss", "crossentropy")
}
