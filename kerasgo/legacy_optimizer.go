package keras

import (
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
)

// slotNames maps the names that optimizers' variables have in files of Keras 2 to
// those of Keras 3.
var slotNames = map[string]string{
	"m": "momentum", "momentum": "momentum", "v": "velocity", "vhat": "velocity_hat", "velocity_hat": "velocity_hat", "v_hat": "velocity_hat",
	"rms": "velocity", "velocity": "velocity", "mg": "average_gradient", "average_gradient": "average_gradient", "u": "norm",
	"accum_grad": "accumulated_grad", "accumulated_grad": "accumulated_grad", "accum_var": "accumulated_delta_var",
	"accumulated_delta_var": "accumulated_delta_var", "accumulator": "accumulator", "linear": "linear", "average": "average",
}

// stepless are optimizers whose steps do not depend on how many there were.
var stepless = map[string]bool{"RMSprop": true, "SGD": true, "Adagrad": true, "Adadelta": true}

// setLegacyOptimizer restores the optimizer's variables from a .h5 file of any
// version, where names and shapes leave no doubt which is which.
func (m *Model) setLegacyOptimizer(vars []kerasfile.Tensor, version string) error {
	m.buildOptimizer()
	if !strings.HasPrefix(version, "3.") {
		var err error
		if vars, err = m.orderedState(vars); err != nil {
			return err
		}
	}
	return m.setOptimizer(vars)
}

// orderedState brings an optimizer's variables in a file of Keras 2 into the order
// of Keras 3's.
func (m *Model) orderedState(vars []kerasfile.Tensor) ([]kerasfile.Tensor, error) {
	cp := m.compiled
	_, schedule := optimizers.LearningRate(cp.optimizer)
	var steps *kerasfile.Tensor
	rest := vars
	if len(vars) > 0 && vars[0].Len() == 1 && len(vars[0].Shape) == 0 && strings.Contains(vars[0].Name, "iter") {
		steps, rest = &vars[0], vars[1:]
	}
	if steps == nil && schedule == nil && stepless[className(cp.optimizer)] { // the first Keras 2 did not count for them
		steps = new(kerasfile.Int32s("iteration", nil, []int32{0}))
	}
	if steps == nil {
		return nil, fmt.Errorf("the file does not tell its step count (its first variable is %q)", firstName(vars))
	}
	state := []kerasfile.Tensor{*steps}
	if schedule == nil {
		state = append(state, kerasfile.Float32s("learning_rate", nil, cp.rate.Float32s()))
	}
	slots, err := cp.bySlot(rest)
	if err != nil {
		return nil, err
	}
	for _, d := range cp.slotDefs {
		list := slots[d.Name]
		if d.Var < 0 || d.Var >= len(list) {
			return nil, fmt.Errorf("the file does not hold %s", d.Name)
		}
		state = append(state, list[d.Var])
	}
	return state, nil
}

func firstName(vars []kerasfile.Tensor) string {
	if len(vars) == 0 {
		return ""
	}
	return vars[0].Name
}

// bySlot sorts an optimizer's variables by what they are, each list in the order
// of the weights. TensorFlow's Keras names them, the first Keras 2 only counts and
// keeps one slot of all weights after the other.
func (cp *compiled) bySlot(vars []kerasfile.Tensor) (map[string][]kerasfile.Tensor, error) {
	slots := map[string][]kerasfile.Tensor{}
	for _, v := range vars {
		parts := strings.Split(strings.TrimSuffix(v.Name, ":0"), "/")
		name := slotNames[parts[len(parts)-1]] // Adam/dense/kernel/m
		if name == "" && len(parts) > 1 {
			name = slotNames[parts[1]] // Adam/m/dense/kernel
		}
		if name == "" {
			return cp.byCount(vars)
		}
		slots[name] = append(slots[name], v)
	}
	for _, d := range cp.slotDefs {
		if d.Name == "norm" && slots["norm"] == nil { // the older Adamax calls it v
			slots["norm"] = slots["velocity"]
		}
		if d.Var >= 0 && len(slots[d.Name]) != len(cp.vars) {
			return nil, fmt.Errorf("the file has %d variables %q for %d weights", len(slots[d.Name]), d.Name, len(cp.vars))
		}
	}
	return slots, nil
}

func (cp *compiled) byCount(vars []kerasfile.Tensor) (map[string][]kerasfile.Tensor, error) {
	var names []string
	for _, d := range cp.slotDefs {
		if d.Var == 0 {
			names = append(names, d.Name)
		}
	}
	n := len(cp.vars)
	// Adam without amsgrad leaves room of one element for each weight.
	for len(vars) > n*len(names) && vars[len(vars)-1].Len() == 1 {
		vars = vars[:len(vars)-1]
	}
	if len(vars) != n*len(names) {
		return nil, fmt.Errorf("the file has %d variables without telling names (%s, …), %s has %d", len(vars), firstName(vars), className(cp.optimizer), n*len(names))
	}
	slots := map[string][]kerasfile.Tensor{}
	for k, name := range names {
		for i, v := range cp.vars {
			t := vars[k*n+i]
			if !tensor.Shape(t.Shape).Equal(v.Shape()) {
				return nil, fmt.Errorf("%s has shape %v, weight %s has %v", t.Name, tensor.Shape(t.Shape), v.Path(), v.Shape())
			}
			slots[name] = append(slots[name], t)
		}
	}
	return slots, nil
}
