package keras

import (
	"github.com/kerasgo/kerasgo/engine/graph"
)

// Steps are the user's own steps, which take the place of Keras's: the counterparts of
// overriding train_step, test_step, predict_step and compute_loss. Each describes one batch in
// terms of symbolic values; it is called while the model is traced, once for each batch
// shape, and compiled with all that it calls. Nil fields leave Keras's step as it is.
type Steps struct {
	// Train does one step of training and logs what it is to show; see Step.
	Train func(s *Step)
	// Test does one step of Evaluate, and of the validation in Fit.
	Test func(s *Step)
	// Predict returns what Predict is to yield of a batch.
	Predict func(s *Step) []graph.Value
	// ComputeLoss returns the loss, a scalar, that the steps of Fit and Evaluate minimise
	// and show. Step.Losses and Step.CompiledLoss are what Keras adds up.
	ComputeLoss func(s *Step, pred ...graph.Value) graph.Value
}

// SetSteps gives a functional model or a Sequential steps of one's own. The struct of
// NewSubclass has them as methods: TrainStep(s *keras.Step), TestStep(s *keras.Step),
// PredictStep(s *keras.Step) []graph.Value, ComputeLoss(s *keras.Step, pred ...graph.Value)
// graph.Value. They are code, and in no file.
func (m *Model) SetSteps(s Steps) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.steps = s
	m.programs.clear()
}

// stepsOfValue finds the methods of a struct.
func stepsOfValue(v any) (s Steps) {
	if v, ok := v.(interface{ TrainStep(s *Step) }); ok {
		s.Train = v.TrainStep
	}
	if v, ok := v.(interface{ TestStep(s *Step) }); ok {
		s.Test = v.TestStep
	}
	if v, ok := v.(interface{ PredictStep(s *Step) []graph.Value }); ok {
		s.Predict = v.PredictStep
	}
	if v, ok := v.(interface {
		ComputeLoss(s *Step, pred ...graph.Value) graph.Value
	}); ok {
		s.ComputeLoss = v.ComputeLoss
	}
	return s
}

// ownStep returns the user's step of a mode, or nil.
func (m *Model) ownStep(md mode) func(s *Step) {
	switch own := m.steps; {
	case md == modePredict && own.Predict != nil:
		return func(s *Step) { s.values = own.Predict(s) }
	case md == modePredict:
	case md == modeTrain && own.Train != nil:
		return own.Train
	case md == modeTest && own.Test != nil:
		return own.Test
	case own.ComputeLoss != nil:
		return func(s *Step) {
			pred := s.CallMulti(s.Model(), s.X...)
			loss := own.ComputeLoss(s, pred...)
			if md == modeTrain {
				vars := s.Model().TrainableWeights()
				s.Apply(s.Optimizer(), s.Gradients(loss, vars), vars)
			}
			s.ComputeMetrics(loss, pred...)
		}
	}
	return nil
}

// TrainableWeights returns the weights that training changes, in the order of Weights.
func (m *Model) TrainableWeights() []*Variable { return m.collectTrainable(m.collectVars(nil)) }

// TrainableWeights returns the layer's weights that training changes.
func (l *Layer) TrainableWeights() []*Variable {
	if l.model != nil {
		return l.model.TrainableWeights()
	}
	return trainable(l.Weights())
}

func (m *Model) collectTrainable(vars []*Variable) []*Variable {
	if !m.trainable {
		return nil
	}
	return trainable(vars)
}

func trainable(vars []*Variable) []*Variable {
	var out []*Variable
	for _, v := range vars {
		if v.Trainable() {
			out = append(out, v)
		}
	}
	return out
}
