package main

import (
	"testing"

	"github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/mnist"
)

// A few epochs on few images must beat what the mean of all images would do (206), and
// different codes must give different digits.
func TestTrain(t *testing.T) {
	keras.SetRandomSeed(1)
	model, err := train(3000, 4)
	if err != nil {
		t.Fatal(err)
	}
	_, _, images, _, err := mnist.LoadData()
	if err != nil {
		t.Fatal(err)
	}
	score, err := model.EvaluateDict(scaled(images.Slice(1000, 2000)), nil, keras.Evaluate{Verbose: keras.Silent})
	if err != nil {
		t.Fatal(err)
	}
	if r, kl := score["reconstruction"], score["kl"]; r > 200 || r < 50 || kl < 1 {
		t.Errorf("reconstruction %.1f, kl %.1f", r, kl)
	}
	a, b := keras.Must(draw(model, []float32{-1, -1})), keras.Must(draw(model, []float32{1, 1}))
	var apart float64
	for i, v := range a.Float32s() {
		apart += float64((v - b.Float32s()[i]) * (v - b.Float32s()[i]))
	}
	if apart < 1 {
		t.Errorf("two codes give the same digit: squared distance %v", apart)
	}
}
