package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// OneHotMeanIoU is OneHotIoU over all classes.
type OneHotMeanIoU struct {
	Maximized
	// number of classes
	NumClasses int `keras:"num_classes,pos,required,min=1"`
	// true class that is left out; nil means none
	IgnoreClass *int `keras:"ignore_class"`
	// predictions are class numbers, not scores
	SparseYPred bool `keras:"sparse_y_pred"`
	// axis of one-hot targets and scores
	Axis *int `keras:"axis,default=-1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// with an integer type, weights are cut to whole numbers
	DType string `keras:"dtype,default=int64,enum=int64|int32|int|float32"`
}

func init() { spec.Register[OneHotMeanIoU]("keras.metrics") }

func (m OneHotMeanIoU) overlap() overlap {
	return overlap{m.NumClasses, all(m.NumClasses), m.IgnoreClass, true, !m.SparseYPred, m.Axis, whole(m.DType)}
}

// State lists total_confusion_matrix, true classes by predicted classes.
func (m OneHotMeanIoU) State(yTrue, yPred tensor.Shape) []State { return m.overlap().state() }

// Update adds a batch.
func (m OneHotMeanIoU) Update(c *Context, yTrue, yPred, weight graph.Value) {
	m.overlap().update(c, yTrue, yPred, weight)
}

// Result returns the mean over classes.
func (m OneHotMeanIoU) Result(c *Context) graph.Value { return m.overlap().result(c) }

var _ Metric = OneHotMeanIoU{}
