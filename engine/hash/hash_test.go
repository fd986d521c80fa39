package hash_test

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/kerasgo/kerasgo/engine/hash"
)

// text is the one of testdata/gen/hashes.py.
func text(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*i*7 + i*31 + n)
	}
	return string(b)
}

// TestTensorFlow holds the functions against TensorFlow's, over all lengths to 200.
func TestTensorFlow(t *testing.T) {
	f, err := os.Open("testdata/tensorflow.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		TensorFlow string
		Fast       []uint64
		Keys       [][2]uint64
		Strong     [][]uint64
		Ints       []int64
		Words      []string
		Cross      []uint64
	}
	if err := json.NewDecoder(z).Decode(&want); err != nil {
		t.Fatal(err)
	}
	if len(want.Fast) != 203 || len(want.Strong) != 4 || len(want.Cross) != len(want.Words) {
		t.Fatalf("the record is incomplete: %d, %d, %d", len(want.Fast), len(want.Strong), len(want.Cross))
	}
	check := func(what string, got, want uint64) {
		t.Helper()
		if got %= math.MaxInt64; got != want {
			t.Errorf("%s: %d, TensorFlow has %d", what, got, want)
		}
	}
	for i := range want.Fast {
		n := i
		if i > 200 {
			n = []int{1000, 4096}[i-201]
		}
		check("Fingerprint64", hash.Fingerprint64(text(n)), want.Fast[i])
		for k, key := range want.Keys {
			check("SipHash", hash.SipHash(key, text(n)), want.Strong[k][i])
		}
	}
	for i, w := range want.Words {
		fp := uint64(hash.CrossKey)
		for _, x := range []uint64{hash.Fingerprint64(w), uint64(want.Ints[i]), hash.Fingerprint64(want.Words[len(want.Words)-1-i])} {
			fp = hash.Combine(fp, x)
		}
		check("Combine", fp, want.Cross[i])
	}
}
