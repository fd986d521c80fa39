package main

import (
	"testing"

	keras "github.com/kerasgo/kerasgo/kerasgo"
)

func TestTrain(t *testing.T) {
	keras.SetRandomSeed(1)
	table, err := read("../bicycles.csv")
	if err != nil {
		t.Fatal(err)
	}
	space, model, err := train(table)
	if err != nil {
		t.Fatal(err)
	}
	score, err := evaluate(space, model, table.Test)
	if err != nil {
		t.Fatal(err)
	}
	if score["accuracy"] < 0.75 {
		t.Errorf("scores %v", score)
	}
}
