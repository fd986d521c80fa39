package plan_test

import (
	"strings"
	"testing"

	"github.com/kerasgo/kerasgo/engine/kernel"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/plan"
)

// With the precision "high" products are split where there are tiles, and close to float32's; without tiles they are float32's.
func TestPrecisionHigh(t *testing.T) {
	t.Setenv("KERASGO_PRECISION", "high")
	for _, isa := range kernel.ISAs() {
		restore, err := kernel.Use(isa)
		if err != nil {
			t.Fatal(err)
		}
		b := newBench()
		want := []value{ops.Relu(ops.MatMul(b.input(100, 150), b.variable(150, 130)))}
		tolerance := 2e-6
		if kernel.HasTiles() {
			tolerance = 1e-4
		}
		b.check(t, tolerance, want...)
		p, err := plan.Compile(b.g, want)
		if err != nil {
			t.Fatal(err)
		}
		if s := p.String(); strings.Contains(s, "Rest BFloat16") != kernel.HasTiles() {
			t.Errorf("%s: tiles %v, in\n%s", isa, kernel.HasTiles(), s)
		}
		restore()
	}
}

// "highest" does without Winograd's algorithm; other words are errors.
func TestPrecisionHighest(t *testing.T) {
	compile := func() (string, error) {
		b := newBench()
		p, err := plan.Compile(b.g, []value{ops.Conv2D(b.input(8, 16, 16, 32), b.variable(3, 3, 32, 32), ops.ConvOptions{Padding: "same"})})
		if err != nil {
			return "", err
		}
		return p.String(), nil
	}
	for _, row := range []struct {
		value    string
		winograd bool
	}{{"", true}, {"high", true}, {"highest", false}} {
		t.Setenv("KERASGO_PRECISION", row.value)
		s, err := compile()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(s, "Winograd") != row.winograd {
			t.Errorf("%q: want Winograd %v, got\n%s", row.value, row.winograd, s)
		}
	}
	t.Setenv("KERASGO_PRECISION", "tf32")
	if _, err := compile(); err == nil || !strings.Contains(err.Error(), `KERASGO_PRECISION="tf32"`) {
		t.Errorf("error %v", err)
	}
}
