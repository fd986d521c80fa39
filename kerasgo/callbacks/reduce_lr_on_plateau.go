package callbacks

import (
	"fmt"

	"github.com/kerasgo/kerasgo/spec"
)

// ReduceLROnPlateau multiplies the learning rate by a factor when a value of the logs
// has not improved for some epochs. It adds learning_rate to the logs.
type ReduceLROnPlateau struct {
	Base `keras:"-"`
	// name in the logs
	Monitor string `keras:"monitor,pos,default=val_loss"`
	// what the rate is multiplied by; below 1
	Factor *float64 `keras:"factor,default=0.1"`
	// epochs without improvement after which the rate is reduced
	Patience *int `keras:"patience,default=10"`
	// 1 prints when the rate is reduced
	Verbose int `keras:"verbose,default=0"`
	// whether the value should fall or rise; auto asks the metric
	Mode string `keras:"mode,default=auto,enum=auto|min|max"`
	// smallest change that counts as an improvement
	MinDelta *float64 `keras:"min_delta,default=0.0001"`
	// epochs after a reduction in which nothing is counted
	Cooldown int `keras:"cooldown,default=0"`
	// rate below which it is not reduced
	MinLR float64 `keras:"min_lr,default=0"`

	monitor     monitor
	best        *float64
	wait, pause int
}

func init() { spec.Register[ReduceLROnPlateau]("keras.callbacks") }

func (r *ReduceLROnPlateau) check() error {
	if *r.Factor >= 1 {
		return fmt.Errorf("factor wants less than 1, got %v", *r.Factor)
	}
	return nil
}

// OnTrainBegin forgets an earlier run.
func (r *ReduceLROnPlateau) OnTrainBegin(Logs) error {
	r.best, r.wait, r.pause = nil, 0, 0
	return nil
}

// OnEpochEnd looks at the value.
func (r *ReduceLROnPlateau) OnEpochEnd(epoch int, logs Logs) error {
	if err := r.monitor.start("ReduceLROnPlateau", r.Monitor, r.Mode, *r.MinDelta, r.Model()); err != nil {
		return err
	}
	rate, err := r.Model().LearningRate()
	if err != nil {
		return err
	}
	if logs != nil {
		logs["learning_rate"] = rate
	}
	current, ok := logs[r.Monitor]
	if !ok {
		r.warn("ReduceLROnPlateau looks at %q, which is not in the logs (there are: %s)", r.Monitor, names(logs))
		return nil
	}
	if r.pause > 0 {
		r.pause--
		r.wait = 0
	}
	if r.monitor.improved(current, r.best) {
		r.best, r.wait = &current, 0
		return nil
	}
	if r.pause > 0 {
		return nil
	}
	if r.wait++; r.wait < *r.Patience || float32(rate) <= float32(r.MinLR) {
		return nil
	}
	next := max(rate*(*r.Factor), r.MinLR)
	if err := r.Model().SetLearningRate(next); err != nil {
		return err
	}
	if r.Verbose > 0 {
		r.printf("\nEpoch %d: ReduceLROnPlateau reducing learning rate to %s.", epoch+1, pyFloat(next))
	}
	r.pause, r.wait = r.Cooldown, 0
	return nil
}

var _ Callback = (*ReduceLROnPlateau)(nil)
