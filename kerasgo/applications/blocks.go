package applications

import (
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// square returns the two sides of a square window.
func square(n int) [2]int { return [2]int{n, n} }

// channels returns the length of a feature map's last axis.
func channels(x *keras.Symbol) int { return x.Shape().Last() }

// activate applies an activation function.
func activate(x *keras.Symbol, function any, name string) *keras.Symbol {
	return keras.Apply(layers.Activation{Activation: function, Name: name}, x)
}

// pad puts n rows or columns of zeros on every side.
func pad(x *keras.Symbol, n int, name string) *keras.Symbol {
	return keras.Apply(layers.ZeroPadding2D{Padding: &[2][2]int{{n, n}, {n, n}}, Name: name}, x)
}

// padForStride2 puts zeros around a feature map so that a window with stride 2 falls
// on the pixels on which TensorFlow's padding "same" puts it for even sizes: one row
// less above than below where the height is even, and the same for columns.
func padForStride2(x *keras.Symbol, window int, name string) *keras.Symbol {
	var p [2][2]int
	for i, length := range x.Shape()[1:3] {
		p[i] = [2]int{window/2 - 1, window / 2}
		if length > 0 && length%2 == 1 {
			p[i][0]++
		}
	}
	if x.Shape()[1] < 0 { // Keras looks at the height only
		p[1] = p[0]
	}
	return keras.Apply(layers.ZeroPadding2D{Padding: &p, Name: name}, x)
}

// roundChannels returns the multiple of 8 that is nearest to c, but at least 8 and no
// more than a tenth below c.
func roundChannels(c float64) int {
	n := max(8, int(c+4)/8*8)
	if float64(n) < 0.9*c {
		n += 8
	}
	return n
}
