package mnist

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/idx"
	"github.com/kerasgo/kerasgo/io/npy"
)

// DamagedError is the error for a file that should hold a part of the data set but doesn't.
type DamagedError struct {
	File       string // path of the file
	Expected   string // what it should hold
	WantSHA256 string // sum of the original file, or of its unpacked data where only those are wrong
	GotSHA256  string
	Err        error // why it can't be read; nil when it can but holds something else
}

func (e *DamagedError) Error() string {
	why := "it holds something else"
	if e.Err != nil {
		why = e.Err.Error()
	}
	return fmt.Sprintf("mnist: %s is damaged: expected the %s (sha256 %s), found sha256 %s: %s; move the file away to use the built-in copy",
		e.File, e.Expected, e.WantSHA256, e.GotSHA256, why)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// part is one of the four arrays and where it comes from.
type part struct {
	array *tensor.Tensor
	err   error
}

// load finds and reads the four arrays; dir is looked at only with fromDir.
func load(dir string, fromDir bool) [4]part {
	var paths [4]string
	missing := 0
	for i, f := range digits.files {
		if fromDir {
			paths[i] = find(dir, f.name)
		}
		if paths[i] == "" {
			missing++
		}
	}
	var cache func(i int) part
	if missing > 0 {
		cache = openCache()
	}

	var parts [4]part
	var sets [4]*set
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			switch {
			case paths[i] != "":
				parts[i], sets[i] = readFile(paths[i], i)
			case cache != nil:
				parts[i] = cache(i)
			default:
				parts[i] = readEmbedded(i)
			}
		})
	}
	all.Wait()

	// A folder with Fashion-MNIST can't be completed with digits.
	for i := range parts {
		if sets[i] == nil || parts[i].err != nil {
			continue
		}
		for k := range parts {
			other := sets[k]
			if other == nil {
				other = &digits
			}
			if parts[k].err == nil && other != sets[i] {
				parts[i].err = fmt.Errorf("mnist: %s belongs to %s, but %s.gz is %s; the four files must be of one data set",
					paths[i], sets[i].name, digits.files[k].name, origin(paths[k], other))
				break
			}
		}
	}
	return parts
}

func origin(path string, s *set) string {
	if path == "" {
		return "missing beside it"
	}
	return "of " + s.name
}

// find returns the path of a file of the data set in dir, packed or not, or "".
func find(dir, name string) string {
	for _, candidate := range []string{join(dir, name+".gz"), join(dir, name)} {
		if _, err := os.Stat(candidate); !errors.Is(err, fs.ErrNotExist) {
			return candidate
		}
	}
	return ""
}

// join joins paths as Python does: without cleaning, so that the lines printed are those of the original.
func join(dir, name string) string {
	if dir == "" || os.IsPathSeparator(dir[len(dir)-1]) {
		return dir + name
	}
	return dir + string(os.PathSeparator) + name
}

// readFile reads file i of one of the known data sets.
func readFile(path string, i int) (part, *set) {
	b, err := os.ReadFile(path)
	if err != nil {
		return part{err: fmt.Errorf("mnist: %w", err)}, nil
	}
	sum := sha(b)
	array, err := idx.Read(bytes.NewReader(b))
	if err == nil {
		for _, s := range []*set{&digits, &fashion} {
			if sum == s.files[i].gz || s.files[i].holds(array) {
				return part{array: array}, s
			}
		}
	}
	f := digits.files[i]
	return part{err: &DamagedError{path, digits.name + " " + f.content, f.gz, sum, err}}, nil
}

// holds tells whether an array is exactly that of the file.
func (f file) holds(a *tensor.Tensor) bool {
	return a.DType() == tensor.Uint8 && a.Shape().Equal(f.shape) && sha(tensor.Data[uint8](a)) == f.data
}

func readEmbedded(i int) part {
	b, err := embedded.ReadFile("data/" + digits.files[i].name + ".gz")
	if err != nil {
		return part{err: fmt.Errorf("mnist: embedded file: %w", err)}
	}
	array, err := idx.Read(bytes.NewReader(b))
	if err != nil {
		return part{err: fmt.Errorf("mnist: embedded file: %w", err)}
	}
	return part{array: array}
}

// cacheFile is where Keras keeps its copy.
func cacheFile() (string, bool) {
	home := os.Getenv("KERAS_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", false
		}
		home = filepath.Join(user, ".keras")
	}
	path := filepath.Join(home, "datasets", "mnist.npz")
	_, err := os.Stat(path)
	return path, !errors.Is(err, fs.ErrNotExist)
}

// openCache reads Keras's copy and returns a function that hands out its parts, or nil where there is no copy.
func openCache() func(i int) part {
	path, ok := cacheFile()
	if !ok {
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return func(int) part { return part{err: fmt.Errorf("mnist: Keras's cache: %w", err)} }
	}
	sum := sha(b)
	arrays, err := npy.ReadZip(bytes.NewReader(b), int64(len(b)))
	return func(i int) part {
		f := digits.files[i]
		damaged := &DamagedError{path, "arrays of Keras's MNIST archive", npzSHA256, sum, err}
		if err != nil {
			return part{err: damaged}
		}
		a, ok := npy.Find(arrays, f.array)
		if !ok {
			damaged.Err = fmt.Errorf("there is no %s in it", f.array)
			return part{err: damaged}
		}
		if sum != npzSHA256 && !f.holds(a) {
			damaged.Err = fmt.Errorf("%s is not the %s", f.array, f.content)
			return part{err: damaged}
		}
		return part{array: a}
	}
}

func sha(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
