package ops

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// GaussianBlur blurs images (N, H, W, C), each channel on its own, by a kernel of
// size pixels whose weights fall off as exp(-½·(distance/sigma)²) and have the sum 1.
// Sigma, (2), and size are those of columns and rows, in this order, as in
// keras.ops.image.gaussian_blur, whose kernel is stored row by row with a row length
// of size[1]. Beyond the edges is 0.
func GaussianBlur(images graph.Value, size [2]int, sigma graph.Value) graph.Value {
	if broken(images) {
		return images
	}
	if len(images.Shape()) != 4 || size[0] < 1 || size[1] < 1 || !sigma.Shape().Equal(shape{2}) {
		return reject(images, "GaussianBlur", "wants images (N, H, W, C), a positive size and sigma (2,), got %v, %v and %v", images.Shape(), size, sigma.Shape())
	}
	x := Reshape(gaussian(size[0], Slice(sigma, []int{0}, []int{1})), 1, size[0])
	y := Reshape(gaussian(size[1], Slice(sigma, []int{1}, []int{1})), size[1], 1)
	return ConvEachChannel(images, Reshape(Mul(y, x), size[0], size[1]))
}

// gaussian returns n weights with the sum 1 around the middle.
func gaussian(n int, sigma value) value {
	at := tensor.New(tensor.Float64, n)
	for i := range n {
		at.Float64s()[i] = float64(i) - float64(n-1)/2
	}
	x := Div(Const(sigma.Graph(), at.Cast(sigma.DType())), sigma)
	w := Exp(MulScalar(Square(x), -0.5))
	return Div(w, Sum(w, nil, false))
}

// ConvEachChannel convolves every channel of images (N, H, W, C) with one kernel
// (kh, kw); the output has the images' shape. Beyond the edges is 0.
func ConvEachChannel(images, kernel graph.Value) graph.Value {
	if broken(images) {
		return images
	}
	s, k := images.Shape(), kernel.Shape()
	if len(s) != 4 || len(k) != 2 {
		return reject(images, "ConvEachChannel", "wants images (N, H, W, C) and a kernel (kh, kw), got %v and %v", s, k)
	}
	w := Repeat(Reshape(kernel, k[0], k[1], 1, 1), s[3], 3)
	return Conv2D(images, w, ConvOptions{Padding: "same", Groups: s[3]})
}
