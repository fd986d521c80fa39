package keras

import "fmt"

// CloneModel returns a model of the same layers with new weights, not compiled.
func CloneModel(m *Model) (*Model, error) {
	c, err := m.config(false)
	if err != nil {
		return nil, fmt.Errorf("keras: CloneModel: %w", err)
	}
	b, err := c.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("keras: CloneModel: %w", err)
	}
	clone, err := fromText("model", string(b))
	if err != nil {
		return nil, fmt.Errorf("keras: CloneModel: %w", err)
	}
	clone.autoName = m.autoName
	if m.built {
		if err := clone.Build(); err != nil {
			return nil, err
		}
	}
	return clone, nil
}
