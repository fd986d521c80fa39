package applications

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ImageNet's mean colour and the deviation from it: red, green, blue, for pixels from 0 to 1.
var (
	imagenetMean      = [3]float64{0.485, 0.456, 0.406}
	imagenetDeviation = [3]float64{0.229, 0.224, 0.225}
)

// caffeMean is ImageNet's mean colour as Caffe's models know it: blue, green, red.
var caffeMean = [3]float64{103.939, 116.779, 123.68}

// PreprocessInput returns images, pixels from 0 to 255 in the order red, green, blue, in
// one of the forms that networks are trained on:
//
//   - "caffe": blue, green, red, less the mean colour of ImageNet;
//   - "tf": scaled to -1…1;
//   - "torch": scaled to 0…1, less the mean colour, divided by the deviation.
//
// The shape is (batch, height, width, 3) or (height, width, 3) and stays; integers become
// float32. The argument is not changed. Keras's imagenet_utils.preprocess_input; the
// method of that name knows each network's mode.
func PreprocessInput(images *tensor.Tensor, mode string) (*tensor.Tensor, error) {
	x, err := pixels(images)
	if err != nil {
		return nil, err
	}
	scale, mean, deviation := 1.0, [3]float64{}, [3]float64{1, 1, 1}
	switch mode {
	case "caffe":
		mean = caffeMean
		for i := 0; i < x.Size(); i += 3 {
			red := x.Float64At(i)
			x.SetFloat64At(i, x.Float64At(i+2))
			x.SetFloat64At(i+2, red)
		}
	case "tf":
		scale, mean = 127.5, [3]float64{1, 1, 1}
	case "torch":
		scale, mean, deviation = 255, imagenetMean, imagenetDeviation
	default:
		return nil, fmt.Errorf("applications: PreprocessInput: mode %q; wanted caffe, tf or torch", mode)
	}
	// As in arrays of float32 the constants and every step are rounded.
	for c := range 3 {
		mean[c], deviation[c] = rounded(mean[c], x.DType()), rounded(deviation[c], x.DType())
	}
	for i := range x.Size() {
		x.SetFloat64At(i, x.Float64At(i)/scale)
		x.SetFloat64At(i, x.Float64At(i)-mean[i%3])
		x.SetFloat64At(i, x.Float64At(i)/deviation[i%3])
	}
	return x, nil
}

func rounded(x float64, dtype tensor.DType) float64 {
	if dtype == tensor.Float32 {
		return float64(float32(x))
	}
	return x
}

// pixels returns a copy of images as floats.
func pixels(images *tensor.Tensor) (*tensor.Tensor, error) {
	fail := func(format string, args ...any) (*tensor.Tensor, error) {
		return nil, fmt.Errorf("applications: PreprocessInput: "+format, args...)
	}
	if images == nil {
		return fail("the images are nil")
	}
	shape := images.Shape()
	switch {
	case images.DType() == tensor.String:
		return fail("the images are strings")
	case len(shape) != 3 && len(shape) != 4 || shape.Last() != 3:
		return fail("the images have shape %v; wanted (batch, height, width, 3) or (height, width, 3)", shape)
	case images.DType().Float():
		return images.Clone(), nil
	}
	return images.Cast(tensor.Float32), nil
}

// unchanged is PreprocessInput of networks that scale pixels themselves.
func unchanged(images *tensor.Tensor) (*tensor.Tensor, error) {
	if images == nil {
		return nil, fmt.Errorf("applications: PreprocessInput: the images are nil")
	}
	return images.Clone(), nil
}
