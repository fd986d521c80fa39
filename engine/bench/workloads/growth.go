package workloads

import (
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo"
)

// A Series varies one size of a workload, to show that cost does not grow faster than the work.
type Series struct {
	Name   string // such as "width"
	Title  string
	Per    string // what the work counts
	Points []Point
}

// A Point is one size of a Series.
type Point struct {
	X        int
	Work     float64 // of one sample, in the series' unit
	Mode     string  // "train" or "predict"
	Workload Workload
}

// Growth returns the series.
func Growth() []Series {
	train := Series{Name: "batch, training", Title: "notebook CNN, samples of a training step", Per: "sample"}
	predict := Series{Name: "batch, prediction", Title: "notebook CNN, samples of a prediction", Per: "sample"}
	for batch := 1; batch <= 1024; batch *= 2 {
		w := cnn
		w.Batch, w.Batches = batch, 4
		train.Points = append(train.Points, Point{batch, 1, "train", w})
		predict.Points = append(predict.Points, Point{batch, 1, "predict", w})
	}
	width := Series{Name: "width", Title: "MLP of two hidden layers, their units, batch 128", Per: "million multiply-adds"}
	for _, n := range []int{64, 128, 256, 512, 1024, 2048} {
		width.Points = append(width.Points, Point{n, mlpWork(n, 2), "train", sized("mlp", 128, digits(784), func() (*keras.Model, error) { return MLP(n, 2) })})
	}
	depth := Series{Name: "depth", Title: "MLP of hidden layers of 256, their number, batch 128", Per: "million multiply-adds"}
	for _, n := range []int{1, 2, 4, 8, 16, 32, 64} {
		depth.Points = append(depth.Points, Point{n, mlpWork(256, n), "train", sized("mlp", 128, digits(784), func() (*keras.Model, error) { return MLP(256, n) })})
	}
	size := Series{Name: "image size", Title: "ResNet-8, pixels of a side, batch 16", Per: "thousand pixels"}
	for _, n := range []int{16, 32, 64, 128} {
		size.Points = append(size.Points, Point{n, float64(n*n) / 1e3, "train", sized("resnet8", 16, blobs(n, n, 3), func() (*keras.Model, error) { return ResNet(n, 1) })})
	}
	return []Series{train, predict, width, depth, size}
}

// mlpWork counts the multiply-adds of a training step of MLP(width, depth) for one sample, in millions: one for each weight forward, one for its gradient and,
// but in the first layer, one for the gradient of its input.
func mlpWork(width, depth int) float64 {
	return float64(2*784*width+3*(depth-1)*width*width+3*width*10) / 1e6
}

func sized(name string, batch int, data func(int) (x, y *tensor.Tensor, err error), model func() (*keras.Model, error)) Workload {
	return Workload{Name: name, Batch: batch, Batches: 4, Loss: "categorical_crossentropy", Metrics: []string{"accuracy"}, Model: model, Data: data}
}
