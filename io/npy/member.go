package npy

import (
	"fmt"
	"io"

	"github.com/klauspost/compress/zip"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

// ReadZipMember reads one array of a .npz archive of size bytes, by its name without
// ".npy". Other members, which may be what this package does not read, are not looked at.
func ReadZipMember(r io.ReaderAt, size int64, name string) (*tensor.Tensor, error) {
	f, err := member(r, size, name)
	if err != nil {
		return nil, err
	}
	t, err := readMember(f, size)
	if err != nil {
		return nil, fmt.Errorf("member %q: %w", clip(name), err)
	}
	return t, nil
}

// ReadZipObjects hands the content of an array of Python objects, which is a pickle, to
// read, and returns the array's shape. Nothing of it is run here.
func ReadZipObjects(r io.ReaderAt, size int64, name string, read func(io.Reader) error) (shape []int, err error) {
	f, err := member(r, size, name)
	if err != nil {
		return nil, err
	}
	if f.Flags&1 != 0 {
		return nil, malformed("member %q is encrypted", clip(name))
	}
	body, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("npy: %w: %w", ErrFormat, err)
	}
	defer body.Close()
	limited := io.LimitReader(body, max(maxBytes, maxRatio*min(size, maxBytes)))
	h, err := readHeader(limited)
	if err != nil {
		return nil, fmt.Errorf("member %q: %w", clip(name), err)
	}
	if h.descr != "|O" {
		return nil, malformed("member %q holds %s, wanted are lists", clip(name), clip(h.descr))
	}
	if err := read(limited); err != nil {
		return nil, fmt.Errorf("member %q: %w", clip(name), err)
	}
	return h.shape, nil
}

// member finds an array in an archive.
func member(r io.ReaderAt, size int64, name string) (*zip.File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("npy: %w: %w", ErrFormat, err)
	}
	for _, f := range z.File {
		if f.Name == name+".npy" {
			return f, nil
		}
	}
	return nil, malformed("there is no array %q", clip(name))
}
