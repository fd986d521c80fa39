package datasets

import (
	"encoding/json"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// wordIndex reads the numbers of words.
func wordIndex(f file, path string) (map[string]int, error) {
	content, found, err := f.read(path)
	if err != nil {
		return nil, err
	}
	var m map[string]int
	if err := json.Unmarshal(content, &m); err != nil {
		return nil, in(found, err)
	}
	return m, nil
}

func int64s(v []int64) *tensor.Tensor { return tensor.From(v, len(v)) }
