package experiment

import (
	"github.com/kerasgo/kerasgo/spec"
)

// layerList makes spec.Schema define layers; it is no section of a file.
type layerList struct {
	Layers []any `keras:"layers,kind=layer"`
}

// Sections describes the sections of a spec file.
func Sections() []spec.Section {
	object := spec.NewObject
	return []spec.Section{
		{Name: "kerasgo", Doc: "Version of the form of this file.", Schema: object("const", version)},
		{Name: "name", Doc: "Name of the runs; the file's name if left out.", Schema: object("type", []any{"string", "null"})},
		{Name: "seed", Doc: "Seed of everything random. The same seed gives the same numbers.", Schema: object("type", []any{"integer", "null"}, "minimum", 0)},
		{Name: "dtype_policy", Doc: "Type in which layers without a dtype of their own compute; float32 if left out.",
			Schema: object("enum", []any{"float32", "float64", "mixed_bfloat16", "mixed_float16", "bfloat16", "float16", nil})},
		{Name: "data", Doc: "Where the data comes from.", Kind: "data"},
		{Name: "model", Doc: "The model: a list of layers, a model file, or a configuration in Keras's JSON.", Schema: modelSchema()},
		{Name: "compile", Doc: "The arguments of Model.compile.", Value: Compile{}},
		{Name: "fit", Doc: "The arguments of Model.fit.", Value: Fit{}},
		{Name: "evaluate", Doc: "What is measured after training.", Value: Evaluate{}},
		{Name: "save", Doc: "What is written into the folder of the run at the end.", Value: Save{}},
		{Name: "run", Doc: "Where the folders of the runs are.", Value: Run{}},
		{Name: "sweep", Doc: "Values to try: lists by path, such as fit.batch_size: [64, 128].", Schema: object("type", []any{"object", "null"},
			"properties", object("together", object("type", "array", "items", object("type", "object"), "description", "Values that change together.")),
			"additionalProperties", object("type", "array", "minItems", 1))},
	}
}

func modelSchema() *spec.Object {
	object := spec.NewObject
	layers := object("type", "array", "minItems", 1, "items", object("$ref", "#/definitions/layer"))
	arguments := object("type", "object", "properties", object(
		"name", object("type", "string"),
		"layers", layers,
		"trainable", object("type", "boolean"),
		"dtype", object("type", "string"),
		"build_input_shape", object("type", []any{"array", "null"}),
	), "required", []any{"layers"}, "additionalProperties", false)
	forms := object(
		"Sequential", object("description", "Layers one after the other.", "if", object("type", "array"), "then", layers, "else", arguments),
		"Functional", object("description", "A graph of named nodes.", "type", "object", "properties", object(
			"inputs", object("type", "object", "description", "name: shape of a sample, or name: {shape: …, dtype: …}"),
			"nodes", object("type", "object", "description", "name: {Class: arguments, from: names, with: arguments by name}; the class is a layer, ops.NAME, or call: NODE"),
			"outputs", object("type", []any{"string", "array"}, "description", "the name of a node, or a list of names"),
			"order", object("type", "array", "description", "all layers by name, where a file had them in another order than Keras's"),
			"name", object("type", "string"),
			"trainable", object("type", "boolean"),
		), "required", []any{"inputs", "nodes", "outputs"}, "additionalProperties", false),
		"load_model", object("type", "string", "description", "A model file to start from."),
	)
	for _, c := range spec.Classes("model") {
		if c.Module == "keras.applications" { // which stand among layers too
			forms.Set(c.Name, object("$ref", "#/definitions/layer."+c.Name))
		}
	}
	return object(
		"if", object("type", "object", "required", []any{"class_name"}),
		"then", object("properties", object("class_name", object("enum", []any{"Sequential", "Functional", "Model"}), "config", object("type", []any{"object", "array"}))),
		"else", object("type", []any{"object", "null"}, "properties", forms, "minProperties", 1, "maxProperties", 1, "additionalProperties", false))
}

// Schema returns the JSON Schema (draft 7) of spec files. It is for editors; Parse
// does not use it.
func Schema() ([]byte, error) {
	const extra = "layers of Sequential"
	text, err := spec.Schema(append(Sections(), spec.Section{Name: extra, Value: layerList{}}))
	if err != nil {
		return nil, err
	}
	n, errs := spec.Parse("schema", text)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	root := n.Plain().(*spec.Object)
	root.Obj("properties").Delete(extra)
	// A model may stand among layers.
	layers := root.Obj("definitions").Obj("layer").Obj("else").Obj("else").Obj("properties")
	layers.Set("Sequential", modelSchema().Obj("else").Obj("properties").Obj("Sequential"))
	return append(spec.JSON(root, 2), '\n'), nil
}
