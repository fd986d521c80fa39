package progbar_test

import (
	"log"
	"os"
	"time"

	"github.com/kerasgo/kerasgo/internal/progbar"
)

func ExampleLogger() {
	now := time.Unix(0, 0)
	l := progbar.Logger{Out: os.Stdout, Mode: progbar.Line, Epochs: 2, Steps: 3, Now: func() time.Time { return now }}
	for epoch := range 2 {
		if err := l.EpochBegin(epoch); err != nil {
			log.Fatal(err)
		}
		for batch := range 3 {
			now = now.Add(400 * time.Millisecond)
			if err := l.BatchEnd(batch, nil); err != nil {
				log.Fatal(err)
			}
		}
		if err := l.EpochEnd(progbar.Sorted(map[string]float64{"loss": 0.25, "accuracy": 0.5})); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// Epoch 1/2
	// 3/3 - 1s - 400ms/step - accuracy: 0.5000 - loss: 0.2500
	// Epoch 2/2
	// 3/3 - 1s - 400ms/step - accuracy: 0.5000 - loss: 0.2500
}
