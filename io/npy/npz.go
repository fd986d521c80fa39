package npy

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zip"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// How the zip package tells of damaged members.
var errChecksum, errArchive = zip.ErrChecksum, zip.ErrFormat

// The largest array read from an archive is maxBytes, or maxRatio times what it takes in the file, whichever is more.
const (
	maxBytes   = 4 << 30
	maxRatio   = 100
	maxMembers = 1 << 16
)

// Named is an array of an archive.
type Named struct {
	Name   string // without ".npy"
	Tensor *tensor.Tensor
}

// Find returns the array called name.
func Find(arrays []Named, name string) (*tensor.Tensor, bool) {
	for _, a := range arrays {
		if a.Name == name {
			return a.Tensor, true
		}
	}
	return nil, false
}

// ReadZip reads all arrays of a .npz archive of size bytes, in their order in the archive.
func ReadZip(r io.ReaderAt, size int64) ([]Named, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("npy: %w: %w", ErrFormat, err)
	}
	if len(z.File) > maxMembers {
		return nil, malformed("%d members, at most %d are read", len(z.File), maxMembers)
	}
	arrays := make([]Named, 0, len(z.File))
	seen := map[string]bool{}
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, malformed("member %q is no .npy file", clip(f.Name))
		}
		if seen[name] {
			return nil, malformed("member %q stands twice", clip(f.Name))
		}
		seen[name] = true
		t, err := readMember(f, size)
		if err != nil {
			return nil, fmt.Errorf("member %q: %w", clip(f.Name), err)
		}
		arrays = append(arrays, Named{name, t})
	}
	return arrays, nil
}

func readMember(f *zip.File, archive int64) (*tensor.Tensor, error) {
	if f.Flags&1 != 0 {
		return nil, malformed("it is encrypted")
	}
	if f.CompressedSize64 > uint64(archive) {
		return nil, malformed("it claims %d bytes of an archive of %d", f.CompressedSize64, archive)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("npy: %w: %w", ErrFormat, err)
	}
	defer r.Close()
	limit := int64(maxBytes)
	if n := int64(f.CompressedSize64); n > maxBytes/maxRatio {
		limit = n * maxRatio
	}
	return read(r, limit)
}

// ReadZipFile reads the .npz file called name.
func ReadZipFile(name string) ([]Named, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	arrays, err := ReadZip(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return arrays, nil
}

// WriteZip writes a .npz archive, as numpy.savez does, or with compressed as numpy.savez_compressed does.
func WriteZip(w io.Writer, arrays []Named, compressed bool) error {
	z := zip.NewWriter(w)
	seen := map[string]bool{}
	for _, a := range arrays {
		if seen[a.Name] {
			return fmt.Errorf("npy: array %q stands twice", a.Name)
		}
		seen[a.Name] = true
		method := zip.Store
		if compressed {
			method = zip.Deflate
		}
		member, err := z.CreateHeader(&zip.FileHeader{Name: a.Name + ".npy", Method: method})
		if err != nil {
			return err
		}
		if err := Write(member, a.Tensor); err != nil {
			return fmt.Errorf("array %q: %w", a.Name, err)
		}
	}
	return z.Close()
}

// WriteZipFile writes a .npz archive to a new or truncated file.
func WriteZipFile(name string, arrays []Named, compressed bool) error {
	return writeFile(name, func(w io.Writer) error { return WriteZip(w, arrays, compressed) })
}
