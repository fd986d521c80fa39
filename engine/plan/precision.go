package plan

import (
	"fmt"
	"os"

	"github.com/kerasgo/kerasgo/engine/kernel"
)

// precisionEnv names the environment variable that tells how exact float32 products
// are. It is read when a graph is compiled.
//
//	(empty)  float32 throughout, Winograd's algorithm for convolutions where it is faster
//	highest  float32 throughout, without Winograd's algorithm
//	high     large matrix products in three products of bfloat16 numbers where the
//	         processor has a tile unit (AMX), else as if it were empty
const precisionEnv = "KERASGO_PRECISION"

// pairUse says which products are computed with pairs of bfloat16 numbers.
type pairUse int

const (
	noPairs      pairUse = iota
	roundedPairs         // of matrices that are rounded
	splitAll             // of any matrices
)

// precision returns what the environment asks for, as far as the processor has it.
func precision() (use pairUse, exactConv bool, err error) {
	if kernel.FastBFloat16() {
		use = roundedPairs
	}
	switch v := os.Getenv(precisionEnv); v {
	case "":
	case "highest":
		exactConv = true
	case "high":
		if kernel.HasTiles() {
			use = splitAll
		}
	default:
		return 0, false, fmt.Errorf("plan: %s=%q: want highest or high", precisionEnv, v)
	}
	return use, exactConv, nil
}
