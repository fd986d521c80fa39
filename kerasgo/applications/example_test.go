package applications_test

import (
	"fmt"

	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/applications"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// A frozen network with a head of its own for ten classes.
func Example() {
	base := applications.MobileNetV2{InputShape: []int{96, 96, 3}, Alpha: 0.35, IncludeTop: new(false), Pooling: "avg", Trainable: new(false)}
	model := keras.NewSequential(base, layers.Dropout{Rate: 0.2}, layers.Dense{Units: 10, Activation: "softmax"})
	keras.Check(model.Build())
	trained := 0
	for _, v := range model.Weights() {
		if v.Trainable() {
			trained += v.Shape().Size()
		}
	}
	fmt.Println(model.CountParams(), "weights, of which", trained, "are trained")
	// Output: 423018 weights, of which 12810 are trained
}
