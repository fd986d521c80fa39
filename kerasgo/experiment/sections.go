package experiment

import (
	"fmt"
	"slices"

	"github.com/kerasgo/kerasgo/spec"
)

// Compile is the section compile: the arguments of Keras's Model.compile.
type Compile struct {
	Optimizer         any   `keras:"optimizer,kind=optimizer,default=rmsprop"` // an optimizer or its name
	Loss              any   `keras:"loss,kind=loss,many"`                      // a loss or its name; for several outputs a list or a map by output
	LossWeights       any   `keras:"loss_weights"`                             // factors of the outputs' losses: a list or a map by output
	Metrics           any   `keras:"metrics,kind=metric,many"`                 // a list of metrics; for several outputs lists in a list or a map
	WeightedMetrics   any   `keras:"weighted_metrics,kind=metric,many"`        // the same, weighted by the sample weights
	RunEagerly        bool  `keras:"run_eagerly"`                              // has no effect: models are always compiled
	StepsPerExecution int   `keras:"steps_per_execution,default=1,min=1"`      // has no effect on the results
	JitCompile        any   `keras:"jit_compile"`                              // has no effect: models are always compiled
	AutoScaleLoss     *bool `keras:"auto_scale_loss,default=true"`             // scale the loss where the optimizer wants it
}

// Fit is the section fit: the arguments of Keras's Model.fit. It always trains on
// the split train.
type Fit struct {
	BatchSize           int             `keras:"batch_size,min=1"`                           // samples per step; 32, or what makes steps_per_epoch steps, if left out
	Adapt               any             `keras:"adapt"`                                      // true: layers that have yet to learn a vocabulary, boundaries or a mean learn them from the training data first; or the names of such layers
	Epochs              int             `keras:"epochs,default=1,min=1"`                     // passes over the data
	Verbose             int             `keras:"verbose,zero=-1,min=0,max=2"`                // 0 silent, 1 progress bar, 2 one line per epoch; left out: a bar on terminals
	Callbacks           []any           `keras:"callbacks,kind=callback"`                    // what happens on the way
	ValidationSplit     float64         `keras:"validation_split,min=0,below=1"`             // share of the end of the training data to validate on
	ValidationData      string          `keras:"validation_data,enum=train|validation|test"` // split of the data to validate on
	Shuffle             any             `keras:"shuffle"`                                    // true: a new order of the samples in every epoch (as when left out); false: none; batch: within batches
	ClassWeight         map[int]float64 `keras:"class_weight"`                               // weight of the samples of each class
	InitialEpoch        int             `keras:"initial_epoch,min=0"`                        // number of the first epoch
	StepsPerEpoch       int             `keras:"steps_per_epoch,min=1"`                      // steps after which an epoch ends; the data decides if left out
	ValidationSteps     int             `keras:"validation_steps,min=1"`                     // steps of a validation
	ValidationBatchSize int             `keras:"validation_batch_size,min=1"`                // samples per validation step; batch_size if left out
	ValidationFreq      spec.Ints       `keras:"validation_freq,default=1,min=1"`            // validate after every so many epochs, or after those of a list
}

// adapt returns whether layers are to learn from the data before training, and which:
// nil for all that have yet to.
func (f *Fit) adapt() (names []string, adapts bool, err error) {
	switch v := f.Adapt.(type) {
	case nil:
		return nil, false, nil
	case bool:
		return nil, v, nil
	case string:
		return []string{v}, true, nil
	case []string:
		return v, true, nil
	case []any:
		for _, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, false, fmt.Errorf("adapt wants true or names of layers, got %v", e)
			}
			names = append(names, s)
		}
		return names, true, nil
	}
	return nil, false, fmt.Errorf("adapt wants true or names of layers, got %v", f.Adapt)
}

// validationFreq returns the argument as Model.Fit takes it.
func (f *Fit) validationFreq() any {
	switch len(f.ValidationFreq) {
	case 0:
		return nil
	case 1:
		return f.ValidationFreq[0]
	}
	return []int(f.ValidationFreq)
}

// validates reports whether an epoch, counted from 0, ends with a validation.
func (f *Fit) validates(epoch int) bool {
	if len(f.ValidationFreq) == 1 {
		return (epoch+1)%f.ValidationFreq[0] == 0
	}
	return len(f.ValidationFreq) == 0 || slices.Contains(f.ValidationFreq, epoch+1)
}

// Evaluate is the section evaluate: what is measured after training.
type Evaluate struct {
	Data      string `keras:"data,default=test,enum=train|validation|test"` // split of the data
	BatchSize int    `keras:"batch_size,default=32,min=1"`                  // samples per step
	Verbose   int    `keras:"verbose,zero=-1,min=0,max=2"`                  // as in fit
}

// Save is the section save: what is written into the run folder at the end.
type Save struct {
	Model   string `keras:"model"`   // the whole model: .keras or .h5
	Weights string `keras:"weights"` // the weights: .weights.h5
	History string `keras:"history"` // the logs of all epochs: .json
}

// Run is the section run.
type Run struct {
	Dir string `keras:"dir"` // folder of the runs, which are numbered in it; runs/NAME if left out
}
