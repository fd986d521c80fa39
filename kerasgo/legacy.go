package keras

import (
	"fmt"

	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/spec"
)

func loadLegacy(path string, o LoadOptions) (*Model, error) {
	l, err := kerasfile.OpenLegacy(path)
	if err != nil {
		return nil, err
	}
	n, errs := spec.Parse(path+":model_config", []byte(l.ModelConfig))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	m, errs := decodeModel(modernise(n, l.KerasVersion))
	if err := errs.Err(); err != nil {
		return nil, err
	}
	have := 0
	for _, layer := range l.Layers {
		have += elements(layer.Weights)
	}
	if err := m.buildFilled(path, have); err != nil {
		return nil, err
	}
	if err := m.setLegacy(path, l, LoadWeightsOptions{}); err != nil {
		return nil, err
	}
	if o.NoCompile || l.TrainingConfig == "" {
		return m, nil
	}
	if err := m.compileLegacy(path, l); err != nil {
		o.warn("%s: %v", path, err)
	}
	return m, nil
}

// compileLegacy compiles the model as a training_config says and restores the
// optimizer.
func (m *Model) compileLegacy(path string, l *kerasfile.Legacy) error {
	n, errs := spec.Parse(path+":training_config", []byte(l.TrainingConfig))
	if err := errs.Err(); err != nil {
		return fmt.Errorf("the model is not compiled: %w", err)
	}
	if errs := m.decodeCompile(modernTraining(n)); len(errs) > 0 {
		return fmt.Errorf("the model is not compiled: %w", errs)
	}
	if len(l.Optimizer) == 0 {
		return nil
	}
	if err := m.setLegacyOptimizer(l.Optimizer, l.KerasVersion); err != nil {
		return fmt.Errorf("the optimizer starts afresh: %w", err)
	}
	return nil
}
