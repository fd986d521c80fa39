package shop

import (
	"fmt"

	"github.com/kerasgo/kerasgo/kerasgo/callbacks"
	"github.com/kerasgo/kerasgo/spec"
)

// GoodEnough is a callback that ends training when a value of the logs has fallen below a
// limit.
type GoodEnough struct {
	callbacks.Base `keras:"-"`
	Monitor        string  `keras:"monitor,pos,default=loss"`
	Below          float64 `keras:"below,required"`

	Epoch int `keras:"-"` // that ended training, counted from 0
}

// OnEpochEnd looks at the value.
func (g *GoodEnough) OnEpochEnd(epoch int, logs callbacks.Logs) error {
	v, ok := logs[g.Monitor]
	if !ok {
		return fmt.Errorf("GoodEnough: there is no %q in the logs", g.Monitor)
	}
	if v < g.Below {
		g.Epoch = epoch
		g.Model().StopTraining()
	}
	return nil
}

func init() { spec.Register[GoodEnough]("shop", spec.OfKind("callback")) }

var _ callbacks.Callback = (*GoodEnough)(nil)
