package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// addMulti lays the variables of a MultiOptimizer out as Keras does: those of each
// optimizer stand under its class once more.
func (m *Model) addMulti(w *kerasfile.Weights, o optimizers.MultiOptimizer, vars []kerasfile.Tensor) {
	w.Add("optimizer", nameOf(o), vars...)
	shapes, paths := m.compiled.shapesAndPaths(m.filePaths())
	inner, slots := o.Groups(paths, shapes)
	first := len(vars) - len(m.compiled.slots)
	count := map[string]int{}
	for k, p := range inner {
		base := spec.SnakeCase(className(p))
		path := "optimizer/optimizers/" + base
		if n := count[base]; n > 0 {
			path = fmt.Sprintf("%s_%d", path, n)
		}
		count[base]++
		var own []kerasfile.Tensor
		for _, i := range slots[k] {
			v := vars[first+i]
			v.Name = ""
			own = append(own, v)
		}
		w.Add(path, nameOf(p), own...)
	}
}

// addScaled lays the variables of a loss-scaling optimizer out as Keras does: the
// inner optimizer's stand under inner_optimizer once more.
func (m *Model) addScaled(w *kerasfile.Weights, o optimizers.LossScaleOptimizer, vars []kerasfile.Tensor) {
	all, inner := m.scaledTensors(vars, "")
	w.Add("optimizer", nameOf(o), all...)
	w.Add("optimizer/inner_optimizer", nameOf(o.InnerOptimizer), inner...)
}

// scaledTensors returns the variables of a loss-scaling optimizer in Keras's order:
// its own step count and learning rate, which stay 0, the step counter, the scale,
// and the inner optimizer's.
func (m *Model) scaledTensors(vars []kerasfile.Tensor, prefix string) (all, inner []kerasfile.Tensor) {
	n := len(vars) - len(m.compiled.slots) // iteration and, without a schedule, learning rate
	name := func(s string) string {
		if prefix == "" {
			return ""
		}
		return prefix + s
	}
	counter := kerasfile.Int64s(vars[n].Name, nil, []int64{int64(m.compiled.slots[0].Float32s()[0])})
	inner = append(slices.Clone(vars[:n]), vars[n+2:]...)
	own := []kerasfile.Tensor{kerasfile.Int64s(name("iteration"), nil, []int64{0}), kerasfile.Float32s(name("learning_rate"), nil, []float32{0}), counter, vars[n+1]}
	return append(own, inner...), inner
}

// scaledVars returns the variables of a loss-scaling optimizer in the order of
// optimizerState, from those of its group in a file.
func scaledVars(vars []kerasfile.Tensor, schedule bool) []kerasfile.Tensor {
	n := 2 // of the inner optimizer that come before its slots
	if schedule {
		n = 1
	}
	if len(vars) < 4+n {
		return vars
	}
	inner := vars[4:]
	return append(append(slices.Clone(inner[:n]), vars[2], vars[3]), inner[n:]...)
}

// namedTensor is one of the optimizer's variables.
type namedTensor struct {
	name  string
	t     *tensor.Tensor
	whole bool // a count, which files have as an integer
}

func (n namedTensor) fileTensor(name string) kerasfile.Tensor {
	if n.whole {
		return kerasfile.Int64s(name, n.t.Shape(), []int64{int64(n.t.Float64At(0))})
	}
	return fileTensor(name, n.t)
}

// optimizerState lists the optimizer's variables in the order of Keras's files;
// nothing when there are none yet.
func (m *Model) optimizerState() []namedTensor {
	if m.compiled == nil {
		return nil
	}
	return m.compiled.state(m.filePaths())
}

// state lists the optimizer's variables; see optimizerState.
func (o *Optimizer) state(paths map[*Variable]string) []namedTensor {
	if o.iteration == nil {
		return nil
	}
	list := []namedTensor{{name: "iteration", t: o.iteration}}
	if _, schedule := optimizers.LearningRate(o.optimizer); schedule == nil {
		list = append(list, namedTensor{name: "learning_rate", t: o.rate})
	}
	taken := map[string]bool{}
	for i, d := range o.slotDefs {
		name := d.Name
		if d.Var >= 0 {
			name = strings.ReplaceAll(paths[o.vars[d.Var]], "/", "_") + "_" + d.Name
		}
		for unique, k := name, 1; taken[name]; k++ { // a_b/c and a/b_c
			name = fmt.Sprintf("%s_%d", unique, k)
		}
		taken[name] = true
		list = append(list, namedTensor{name, o.slots[i], d.Whole})
	}
	return list
}
