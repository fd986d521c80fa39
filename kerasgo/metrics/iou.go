package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// IoU is the mean over some classes of intersection over union: right predictions
// divided by samples that have the class or were given it. Classes that do not occur
// are left out.
type IoU struct {
	Maximized
	// number of classes
	NumClasses int `keras:"num_classes,pos,required,min=1"`
	// classes to average over
	TargetClassIDs []int `keras:"target_class_ids,required,min=0"`
	// true class that is left out; nil means none
	IgnoreClass *int `keras:"ignore_class"`
	// targets are class numbers, not one-hot
	SparseYTrue *bool `keras:"sparse_y_true,default=true"`
	// predictions are class numbers, not scores
	SparseYPred *bool `keras:"sparse_y_pred,default=true"`
	// axis of one-hot targets and scores
	Axis *int `keras:"axis,default=-1"`
	// name in the logs and the history
	Name string `keras:"name"`
	// with an integer type, weights are cut to whole numbers
	DType string `keras:"dtype,default=int64,enum=int64|int32|int|float32"`
}

func init() { spec.Register[IoU]("keras.metrics") }

func (m IoU) overlap() overlap {
	return overlap{m.NumClasses, m.TargetClassIDs, m.IgnoreClass, !*m.SparseYTrue, !*m.SparseYPred, m.Axis, whole(m.DType)}
}

// State lists total_confusion_matrix, true classes by predicted classes.
func (m IoU) State(yTrue, yPred tensor.Shape) []State { return m.overlap().state() }

// Update adds a batch.
func (m IoU) Update(c *Context, yTrue, yPred, weight graph.Value) {
	if err := m.overlap().inRange(); err != nil {
		c.Errorf("%w", err)
		return
	}
	m.overlap().update(c, yTrue, yPred, weight)
}

// Result returns the mean over classes.
func (m IoU) Result(c *Context) graph.Value { return m.overlap().result(c) }

var _ Metric = IoU{}
