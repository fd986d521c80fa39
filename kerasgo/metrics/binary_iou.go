package metrics

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// BinaryIoU is IoU for two classes, with predictions at or above a threshold meaning
// class 1.
type BinaryIoU struct {
	Maximized
	// classes to average over
	TargetClassIDs []int `keras:"target_class_ids,default=0|1,min=0,max=1"`
	// predictions at or above it mean 1
	Threshold *float64 `keras:"threshold,default=0.5"`
	// name in the logs and the history
	Name string `keras:"name"`
	// with an integer type, weights are cut to whole numbers
	DType string `keras:"dtype,default=int64,enum=int64|int32|int|float32"`
}

func init() { spec.Register[BinaryIoU]("keras.metrics") }

func (m BinaryIoU) overlap() overlap {
	return overlap{classes: 2, targets: m.TargetClassIDs, wholeWeights: whole(m.DType)}
}

// State lists total_confusion_matrix, true classes by predicted classes.
func (m BinaryIoU) State(yTrue, yPred tensor.Shape) []State { return m.overlap().state() }

// Update adds a batch.
func (m BinaryIoU) Update(c *Context, yTrue, yPred, weight graph.Value) {
	yPred = ops.GreaterEqual(yPred, ops.Scalar(yPred, *m.Threshold))
	m.overlap().update(c, yTrue, yPred, weight)
}

// Result returns the mean over classes.
func (m BinaryIoU) Result(c *Context) graph.Value { return m.overlap().result(c) }

var _ Metric = BinaryIoU{}
