package main

import "testing"

func TestTrain(t *testing.T) {
	model := network()
	model.SetSeed(1)
	if err := model.Build(); err != nil {
		t.Fatal(err)
	}
	// Conv2D 160 + 2320, once, though called twice; heads of 7·7·16 inputs.
	if got, want := model.CountParams(), 160+2320+784*10+10+784+1; got != want {
		t.Errorf("%d parameters, want %d", got, want)
	}
	score, err := train(model, 2000)
	if err != nil {
		t.Fatal(err)
	}
	if score["digit_accuracy"] < 0.5 || score["even_accuracy"] < 0.65 {
		t.Errorf("scores %v", score)
	}
}
