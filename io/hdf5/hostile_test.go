package hdf5

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// seeds are small files that together use every structure.
func seeds(t testing.TB) map[string][]byte {
	m := map[string][]byte{}
	names, err := filepath.Glob("testdata/*.h5*")
	if err != nil || len(names) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, n := range names {
		if strings.HasSuffix(n, ".json.gz") {
			continue
		}
		n = strings.TrimSuffix(filepath.Base(n), ".gz")
		m[n] = fixture(t, n)
	}
	return m
}

// tryRead opens and reads b completely and reports what a reader must never do.
func tryRead(t testing.TB, what string, b []byte) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f, err := NewReader(bytes.NewReader(b), int64(len(b)))
	if err == nil {
		err = readAll(f)
	}
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: error of type %T: %v", what, err, err)
		}
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("%s: took %v", what, d)
	}
	runtime.ReadMemStats(&after)
	// What is allocated in all, not at once: a few fill-value datasets of the allowed size fit, a bomb does not.
	if n := after.TotalAlloc - before.TotalAlloc; n > 5<<30 {
		t.Errorf("%s: allocated %d MB for a file of %d bytes", what, n>>20, len(b))
	}
}

// variants calls try with damaged copies of b: cut off, flipped bits, and fields overwritten by extreme values.
func variants(b []byte, n int, r *rand.Rand, try func(what string, b []byte)) {
	for i := range n {
		c := bytes.Clone(b)
		at := r.IntN(len(c))
		if r.IntN(2) == 0 { // metadata often lie at the front
			at = r.IntN(min(len(c), 4096))
		}
		switch i % 4 {
		case 0:
			try(fmt.Sprintf("cut to %d", at), c[:at])
		case 1:
			c[at] ^= 1 << r.IntN(8)
			try(fmt.Sprintf("bit flipped at %d", at), c)
		case 2:
			v := []uint64{0, 1, 0x7fffffff, 0xffffffff, 1 << 62, ^uint64(0), uint64(len(c)), uint64(at)}[r.IntN(8)]
			k := min(8, len(c)-at)
			for j := range k {
				c[at+j] = byte(v >> (8 * j))
			}
			try(fmt.Sprintf("%#x at %d", v, at), c)
		case 3: // an address of something else in the file
			k := min(8, len(c)-at)
			v := uint64(r.IntN(len(c)))
			for j := range k {
				c[at+j] = byte(v >> (8 * j))
			}
			try(fmt.Sprintf("%#x at %d", v, at), c)
		}
	}
}

// TestDamaged reads thousands of damaged files: no panic, no hang, no large allocation.
func TestDamaged(t *testing.T) {
	n := 60
	if testing.Short() {
		n = 8
	}
	r := rand.New(rand.NewPCG(1, 2))
	for name, b := range seeds(t) {
		k := n
		if len(b) > 100_000 {
			k /= 6
		}
		variants(b, k, r, func(what string, b []byte) { tryRead(t, name+" "+what, b) })
	}
}

// TestDamagedBehindChecksums repeats the damage with checksums ignored, as an attacker would have computed them again.
func TestDamagedBehindChecksums(t *testing.T) {
	verifyChecksums = false
	defer func() { verifyChecksums = true }()
	n := 200
	if testing.Short() {
		n = 20
	}
	r := rand.New(rand.NewPCG(3, 4))
	for name, b := range seeds(t) {
		if strings.Contains(name, "_v0") {
			continue
		}
		k := n
		if len(b) > 100_000 {
			k /= 4
		}
		variants(b, k, r, func(what string, c []byte) { tryRead(t, name+" "+what, c) })
	}
}

// TestBombs declares far more data than are stored.
func TestBombs(t *testing.T) {
	valid := func() []byte {
		root := NewGroupPlan()
		root.Add("w", &DatasetPlan{Type: Float32, Shape: []int{2, 3, 4}, Data: make([]byte, 96)})
		var b bytes.Buffer
		if err := Write(&b, root); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	find := func(b []byte, v ...uint64) int {
		var p []byte
		for _, x := range v {
			p = put64(p, x)
		}
		i := bytes.Index(b, p)
		if i < 0 {
			t.Fatal("pattern not found")
		}
		return i
	}
	for _, c := range []struct {
		name string
		make func(b []byte)
		want error
	}{
		{"product overflows", func(b []byte) {
			i := find(b, 2, 3, 4)
			for k := range 3 {
				le.PutUint64(b[i+8*k:], 1<<40)
			}
		}, ErrRefused},
		{"product of a million cubed", func(b []byte) {
			i := find(b, 2, 3, 4)
			for k := range 3 {
				le.PutUint64(b[i+8*k:], 1_000_000)
			}
		}, ErrFormat},
		{"larger than the file", func(b []byte) { le.PutUint64(b[find(b, 2, 3, 4):], 1<<20) }, ErrFormat},
		{"never written", func(b []byte) {
			i := find(b, 2, 3, 4)
			le.PutUint64(b[i:], 1<<30)
			layout := bytes.Index(b[i:], []byte{8, 0, 24, 0}) + i
			le.PutUint64(b[layout+10:], undefined)
		}, ErrRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := valid()
			c.make(b)
			f, err := NewReader(bytes.NewReader(b), int64(len(b)))
			if err == nil {
				err = readAll(f)
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), "/w: ") {
				t.Errorf("got %v, want %v at /w", err, c.want)
			}
		})
	}
}

func TestNoHDF5(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("PK\x03\x04"), make([]byte, 5000), []byte(fileSignature)} {
		if _, err := NewReader(bytes.NewReader(b), int64(len(b))); !errors.Is(err, ErrFormat) {
			t.Errorf("%d bytes: got %v", len(b), err)
		}
	}
	name := filepath.Join(t.TempDir(), "model.h5")
	if err := os.WriteFile(name, []byte("not HDF5 at all"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(name); err == nil || !strings.Contains(err.Error(), "model.h5") {
		t.Errorf("error does not name the file: %v", err)
	}
}

// FuzzOpen opens and reads arbitrary bytes.
func FuzzOpen(f *testing.F) {
	for _, b := range seeds(f) {
		if len(b) < 64<<10 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tryRead(t, "fuzz", b)
		verifyChecksums = false
		tryRead(t, "fuzz without checksums", b)
		verifyChecksums = true
	})
}
