package workloads

import (
	"fmt"
	"io"
	"math"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/mnist"
)

// seed makes the synthetic data.
const seed = 20150421

// digits returns the data function of MNIST images in the given shape, with one-hot labels. Real images matter: ReLU and max pooling leave as many zeros as
// they do in practice.
func digits(shape ...int) func(n int) (x, y *tensor.Tensor, err error) {
	return func(n int) (x, y *tensor.Tensor, err error) {
		d, err := mnist.ReadDataSets("", mnist.Options{OneHot: true, Out: io.Discard})
		if err != nil {
			return nil, nil, err
		}
		if have := d.Train.NumExamples(); n > have {
			return nil, nil, fmt.Errorf("MNIST has %d training images, not %d", have, n)
		}
		return d.Train.Images.Slice(0, n).Clone().Reshape(append([]int{n}, shape...)...), d.Train.Labels.Slice(0, n).Clone(), nil
	}
}

// blobs returns the data function of float samples of the given shape in ten classes: a smooth wave, whose direction tells the class, in noise.
func blobs(shape ...int) func(n int) (x, y *tensor.Tensor, err error) {
	return func(n int) (x, y *tensor.Tensor, err error) {
		x = tensor.New(tensor.Float32, append([]int{n}, shape...)...)
		y = tensor.New(tensor.Float32, n, 10)
		data, size := x.Float32s(), x.Size()/n
		for i := range n {
			r := rng.New(seed, uint64(i))
			class := r.Intn(10)
			y.Float32s()[i*10+class] = 1
			step := 2 * math.Pi * float64(class+1) / float64(size)
			for k := range size {
				data[i*size+k] = float32(0.5*math.Sin(step*float64(k)) + r.Uniform(-0.5, 0.5))
			}
		}
		return x, y, nil
	}
}

// sentences returns the data function of rows of word numbers, 1 to vocabulary-1, padded with 0 behind, in two classes. Words are as frequent as in a text (Zipf:
// word k in proportion to 1/k), rows are from a quarter to the whole of the length.
func sentences(vocabulary, length int) func(n int) (x, y *tensor.Tensor, err error) {
	return func(n int) (x, y *tensor.Tensor, err error) {
		x, y = tensor.New(tensor.Int32, n, length), tensor.New(tensor.Float32, n, 1)
		words := x.Int32s()
		for i := range n {
			r := rng.New(seed, uint64(i))
			class := r.Intn(2)
			y.Float32s()[i] = float32(class)
			for k := range length/4 + r.Intn(length-length/4+1) {
				// 1/k has the distribution function log k / log N.
				word := int(math.Exp(r.Float64() * math.Log(float64(vocabulary-1))))
				if word%2 != class && r.Float64() < 0.2 {
					word++
				}
				words[i*length+k] = int32(min(word, vocabulary-1))
			}
		}
		return x, y, nil
	}
}
