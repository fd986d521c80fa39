package main

// tools are the namespaces of Keras that hold no classes of descriptions: what stands
// for their names in Go.
var tools = map[string]string{
	"models.Model": "`keras.NewModel`, `keras.NewSubclass`", "models.clone_model": "`keras.CloneModel`", "models.load_model": "`keras.LoadModel`",
	"models.model_from_json": "`keras.FromJSON`", "models.save_model": "`Model.Save`",

	"utils.Config":              "structs with tags",
	"utils.FeatureSpace":        "`features.New`",
	"utils.Progbar":             "field `Verbose` of `keras.Fit`, `keras.Evaluate` and `keras.Predict`; a callback of one's own",
	"utils.PyDataset":           "interface `keras.Dataset`, `keras.PyDataset`",
	"utils.array_to_img":        "`data.ArrayToImg`",
	"utils.img_to_array":        "`data.ImgToArray`",
	"utils.load_img":            "`data.LoadImg`",
	"utils.save_img":            "`data.SaveImg`",
	"saving.KerasFileEditor":    "`keras.OpenFileEditor`",
	"utils.get_file":            "`data.GetFile`",
	"utils.get_source_inputs":   "`keras.SourceInputs`",
	"utils.model_to_dot":        "`Model.DOT`",
	"utils.plot_model":          "`Model.SVG`, `Model.DOT`",
	"utils.normalize":           "`keras.Normalize`",
	"utils.pad_sequences":       "`keras.PadSequences`",
	"utils.set_random_seed":     "`keras.SetRandomSeed`",
	"utils.split_dataset":       "`keras.SplitDataset`",
	"utils.standardize_dtype":   "`tensor.ParseDType`",
	"utils.to_categorical":      "`keras.ToCategorical`",
	"utils.is_keras_tensor":     "type `*keras.Symbol`",
	"utils.clear_session":       "nothing to clear: a model that is not used any more is freed",
	"utils.get_registered_name": "`spec.ClassOf`", "utils.get_registered_object": "`spec.Lookup`", "utils.register_keras_serializable": "`spec.Register`",
	"utils.get_custom_objects": "`spec.Classes`", "utils.custom_object_scope": "`spec.Register`: classes are registered by their packages",
	"utils.CustomObjectScope":      "`spec.Register`: classes are registered by their packages",
	"utils.serialize_keras_object": "`spec.Serialize`", "utils.deserialize_keras_object": "`spec.Decode`",
	"utils.pack_x_y_sample_weight": "`keras.Data`", "utils.unpack_x_y_sample_weight": "`keras.Data`",
	"utils.audio_dataset_from_directory": "`data.AudioFolder`", "utils.image_dataset_from_directory": "`data.ImageFolder`", "utils.text_dataset_from_directory": "`data.TextFolder`",
	"utils.timeseries_dataset_from_array": "`keras.TimeseriesDatasetFromArray`",
	"utils.enable_interactive_logging":    "field `Verbose`", "utils.disable_interactive_logging": "field `Verbose`", "utils.is_interactive_logging_enabled": "field `Verbose`",

	"saving.load_model": "`keras.LoadModel`", "saving.save_model": "`Model.Save`", "saving.load_weights": "`Model.LoadWeights`",
	"saving.save_weights": "`Model.SaveWeights`",

	"preprocessing.image.smart_resize": "`data.SmartResize`",

	"config.backend":        "there is one engine",
	"config.set_backend":    "there is one engine",
	"config.is_nnx_enabled": "there is one engine",
	"config.dtype_policy":   "`keras.DTypePolicy`", "config.set_dtype_policy": "`keras.SetDTypePolicy`",
	"config.floatx": "`keras.DTypePolicy`", "config.set_floatx": "`keras.SetDTypePolicy`",
	"config.epsilon":           "1e-7; layers have an argument of their own",
	"config.image_data_format": "channels_last; argument `data_format` of a layer", "config.set_image_data_format": "argument `data_format` of a layer",
	"config.enable_flash_attention": "the engine chooses", "config.disable_flash_attention": "the engine chooses", "config.is_flash_attention_enabled": "the engine chooses",
	"config.enable_traceback_filtering": "errors are values", "config.disable_traceback_filtering": "errors are values",
	"config.is_traceback_filtering_enabled": "errors are values",
	"config.max_epochs":                     "field `Epochs` of `keras.Fit`", "config.set_max_epochs": "field `Epochs` of `keras.Fit`",
	"config.max_steps_per_epoch": "field `StepsPerEpoch` of `keras.Fit`", "config.set_max_steps_per_epoch": "field `StepsPerEpoch` of `keras.Fit`",

	"random.SeedGenerator": "argument `seed` of layers; `rng.New` (other numbers than Keras's)",
	"random.uniform":       "`Context.Uniform` in a layer, `initializers.RandomUniform`", "random.normal": "`Context.Normal` in a layer, `initializers.RandomNormal`",
	"random.truncated_normal": "`initializers.TruncatedNormal`", "random.gamma": "`Context.Gamma` in a layer", "random.dropout": "`layers.Dropout`, also within a layer: `Context.Child`",
	"random.beta": "`Context.Beta` in a layer", "random.binomial": "`Context.Binomial` in a layer", "random.categorical": "`Context.Categorical` in a layer", "random.randint": "`Context.RandInt` in a layer",
	"random.shuffle": "argument `shuffle` of `keras.Fit`, `Stream.Shuffle`",
}

// never are names that stand for what kerasgo does not do, with the reason.
var never = map[string]string{
	"config.enable_unsafe_deserialization": "there is no unsafe loading to be allowed",
	"config.set_epsilon":                   "layers, losses and optimizers have an argument of their own",
}

// sameAs are namespaces that offer what others do, too.
var sameAs = map[string]string{"saving": "utils", "config": "utils", "preprocessing.image": "utils", "preprocessing.sequence": "utils"}

// toolState is stateOf for the names of tools.
func toolState(space, name string) (state, bool) {
	for _, s := range []string{space, sameAs[space]} {
		if text, ok := tools[s+"."+name]; ok {
			return state{otherwise, text}, true
		}
		if text, ok := never[s+"."+name]; ok {
			return state{refused, text}, true
		}
	}
	if space == "tree" {
		return state{otherwise, "slices and maps of Go: structures have types"}, true
	}
	return state{}, false
}
