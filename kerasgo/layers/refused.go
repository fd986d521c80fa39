package layers

import "github.com/kerasgo/kerasgo/spec"

// Layers of Keras that hold a program in Python or of another framework. There is nothing in a
// file that another engine could compute them from.
func init() {
	spec.Refuse("layer", "TFSMLayer", "it calls a TensorFlow SavedModel, which only TensorFlow can run")
	spec.Refuse("layer", "TorchModuleWrapper", "it calls a PyTorch module, which is Python code")
	spec.Refuse("layer", "JaxLayer", "it calls a JAX function, which is Python code")
	spec.Refuse("layer", "FlaxLayer", "it calls a Flax module, which is Python code")
}

// Policies of quantized weights, whose numbers an engine of float32 does not keep.
func init() {
	const quantized = "layers of quantized weights are not computed; save the model before quantize()"
	for _, name := range []string{"AWQDTypePolicy", "GPTQDTypePolicy", "Int4DTypePolicy", "QuantizedDTypePolicy", "QuantizedFloat8DTypePolicy"} {
		spec.Refuse("dtype policy", name, quantized)
	}
	spec.Refuse("dtype policy", "DTypePolicyMap", "a layer's policy is its own argument dtype")
}
