package metrics

import (
	"reflect"
	"runtime"
	"strings"

	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/spec"
)

// MeanMetricWrapper is the mean of what a function returns for each sample. A function
// itself among the metrics of Compile stands for one, with the function's name in snake
// case: func meanDiff is mean_diff in the logs. A function without a name needs Name.
type MeanMetricWrapper struct {
	Averaged
	Fn   func(yTrue, yPred graph.Value) graph.Value // of targets and predictions, as losses.Func gets them
	Name string                                     // in the logs and the history
}

// Update adds a batch.
func (m MeanMetricWrapper) Update(c *Context, yTrue, yPred, weight graph.Value) {
	c.Average(losses.Func(m.Fn).Call(yTrue, yPred), weight)
}

// nameOf returns the name that a Go function has in logs.
func nameOf(f any) string {
	name := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name() // main.meanDiff, main.main.func1, shop.(*Shop).meanDiff-fm
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "-fm")
	return spec.SnakeCase(name)
}

var _ Metric = MeanMetricWrapper{}
