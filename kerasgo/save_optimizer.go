package keras

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// addOptimizer lays the variables of an optimizer out as Keras does: those of the
// optimizers inside stand below it once more.
func (m *Model) addOptimizer(w *kerasfile.Weights, path string, o optimizers.Optimizer, vars []kerasfile.Tensor) {
	w.Add(path, nameOf(o), vars...)
	switch o := o.(type) {
	case optimizers.LossScaleOptimizer:
		m.addOptimizer(w, path+"/inner_optimizer", o.InnerOptimizer.(optimizers.Optimizer), vars[scaledOwn:])
	case optimizers.MultiOptimizer:
		_, scaled := m.compiled.optimizer.(optimizers.LossScaleOptimizer)
		shapes, paths := m.compiled.shapesAndPaths(m.filePaths())
		inner, slots := o.Groups(paths, shapes)
		rest := vars[2:] // without its own number of steps and learning rate
		count := map[string]int{}
		for k, p := range inner {
			base := spec.SnakeCase(className(p))
			name := base
			if n := count[base]; n > 0 {
				name = fmt.Sprintf("%s_%d", base, n)
			}
			count[base]++
			n := 0
			for _, s := range slots[k] {
				if !scaled || !s.Untracked {
					n++
				}
			}
			m.addOptimizer(w, path+"/optimizers/"+name, p, rest[:n])
			rest = rest[n:]
		}
	}
}

// namedTensor is one of the optimizer's variables.
type namedTensor struct {
	name  string
	t     *tensor.Tensor
	whole bool // a count, which files have as an integer
	early bool // files have it before the first step, too
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

// scaledOwn is how many variables a LossScaleOptimizer has of its own, which come first.
const scaledOwn = 4

// state lists the optimizer's variables; see optimizerState. A LossScaleOptimizer has a
// step count and a learning rate that stay 0.
func (o *Optimizer) state(paths map[*Variable]string) []namedTensor {
	if o.iteration == nil {
		return nil
	}
	var list []namedTensor
	_, scaled := o.optimizer.(optimizers.LossScaleOptimizer)
	if scaled {
		list = []namedTensor{{"iteration", tensor.Scalar(int32(0)), true, true}, {"learning_rate", tensor.Scalar(float32(0)), false, true}}
	}
	inner := []namedTensor{{"iteration", o.iteration, false, true}}
	if _, schedule := optimizers.LearningRate(o.optimizer); schedule == nil {
		inner = append(inner, namedTensor{"learning_rate", o.rate, false, true})
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
		switch v := (namedTensor{name, o.slots[i], d.Whole, d.Early}); {
		case d.Unsaved:
		case scaled && i < scaledOwn-2:
			list = append(list, v)
		default:
			inner = append(inner, v)
		}
	}
	return append(list, inner...)
}
