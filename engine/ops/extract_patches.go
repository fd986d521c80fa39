package ops

import "github.com/kerasgo/kerasgo/engine/graph"

// ExtractPatches cuts patches of size rows and columns out of images (N, H, W, C), one
// every strides pixels, whose pixels are dilation apart, as
// keras.ops.image.extract_patches does with padding valid. The result is (N, ho, wo, size[0]·size[1]·C): the pixels of a patch row by
// row, each with its channels.
func ExtractPatches(images graph.Value, size, strides, dilation [2]int) graph.Value {
	if broken(images) {
		return images
	}
	s := images.Shape()
	if len(s) != 4 || size[0] < 1 || size[1] < 1 || strides[0] < 1 || strides[1] < 1 || dilation[0] < 1 || dilation[1] < 1 ||
		s[1] <= (size[0]-1)*dilation[0] || s[2] <= (size[1]-1)*dilation[1] {
		return reject(images, "ExtractPatches", "patches of %v every %v pixels do not fit images %v, wanted as (N, H, W, C)", shape(size[:]), shape(strides[:]), s)
	}
	ho, wo := (s[1]-(size[0]-1)*dilation[0]-1)/strides[0]+1, (s[2]-(size[1]-1)*dilation[1]-1)/strides[1]+1
	var parts []graph.Value
	for i := range size[0] {
		for j := range size[1] {
			parts = append(parts, SliceStep(images, []int{0, i * dilation[0], j * dilation[1], 0}, []int{s[0], ho, wo, s[3]}, []int{1, strides[0], strides[1], 1}))
		}
	}
	return Concat(-1, parts...)
}
