package datasets

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/pickle"
)

// cifar is where one of the CIFAR sets is.
type cifar struct {
	target string // Keras's name for what it unpacks
	folder string // in the archive
	hash   string // of the archive
	origin string
}

// open returns what opens a file of the set: in the folder that path names, in the
// archive that it names, or, with an empty path, in Keras's cache.
func (c cifar) open(path string) (func(name string) ([]byte, error), error) {
	if path != "" {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, &MissingError{path, c.hash, c.origin}
		case err != nil:
			return nil, fmt.Errorf("datasets: %w", err)
		case info.IsDir():
			return c.fromFolder(path), nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("datasets: %w", err)
		}
		return c.fromArchive(path, content)
	}
	// Keras 3 unpacks into a folder of its own, Keras 2 did not.
	for _, name := range []string{c.target + "/" + c.folder, c.folder} {
		folder, err := cache(name)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(folder); err == nil {
			return c.fromFolder(folder), nil
		}
	}
	content, found, err := file{c.target + "_archive", c.hash, c.origin}.read("")
	if err != nil {
		return nil, err
	}
	return c.fromArchive(found, content)
}

// fromFolder reads files of a folder that the archive was unpacked to.
func (c cifar) fromFolder(folder string) func(name string) ([]byte, error) {
	if inner := filepath.Join(folder, c.folder); isFolder(inner) {
		folder = inner
	}
	return func(name string) ([]byte, error) {
		path := filepath.Join(folder, name)
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &MissingError{path, "", "part of " + c.origin}
		}
		return b, err
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// maxMember is how large a file in an archive may be; those of CIFAR have 31 MB and
// 155 MB.
const maxMember = 512 << 20

// fromArchive unpacks a .tar.gz into memory, as far as it is of the set.
func (c cifar) fromArchive(path string, content []byte) (func(name string) ([]byte, error), error) {
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, in(path, err)
	}
	files := map[string][]byte{}
	for t, total := tar.NewReader(z), int64(0); ; {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, in(path, err)
		}
		if total += h.Size; h.Size > maxMember || total > 2*maxMember {
			return nil, in(path, fmt.Errorf("%q has %d bytes", h.Name, h.Size))
		}
		if h.Typeflag != tar.TypeReg || filepath.ToSlash(filepath.Dir(h.Name)) != c.folder {
			continue
		}
		b, err := io.ReadAll(t)
		if err != nil {
			return nil, in(path, err)
		}
		files[filepath.Base(h.Name)] = b
	}
	return func(name string) ([]byte, error) {
		if b, ok := files[name]; ok {
			return b, nil
		}
		return nil, in(path, fmt.Errorf("there is no %s/%s", c.folder, name))
	}, nil
}

const cifarPixels = 3 * 32 * 32

// batch reads a file of images (n, 3072), colour by colour, and their labels.
func batch(content []byte, label string) (pixels []byte, labels []int64, err error) {
	v, err := pickle.Read(bytes.NewReader(content))
	if err != nil {
		return nil, nil, err
	}
	d, ok := v.(*pickle.Dict)
	if !ok {
		return nil, nil, errors.New("the file holds no dictionary")
	}
	data, _ := d.Get("data")
	a, ok := data.(*pickle.Array)
	if !ok || a.DType != "|u1" || a.Len()%cifarPixels != 0 || len(a.Shape) != 2 && len(a.Shape) != 4 || a.Fortran {
		return nil, nil, errors.New("data is no array of bytes (n, 3072)")
	}
	list, _ := d.Get(label)
	labels, err = integers(list)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", label, err)
	}
	if n := a.Len() / cifarPixels; len(labels) != n || a.Shape[0] != n {
		return nil, nil, fmt.Errorf("%d images of shape %v and %d %s", n, a.Shape, len(labels), label)
	}
	return a.Data, labels, nil
}

// integers reads a list, or an array, of integers.
func integers(v any) ([]int64, error) {
	switch v := v.(type) {
	case *pickle.Array:
		return v.Int64s()
	case *pickle.List:
		out := make([]int64, len(v.Items))
		for i, item := range v.Items {
			n, ok := item.(int64)
			if !ok {
				return nil, fmt.Errorf("element %d is no integer", i)
			}
			out[i] = n
		}
		return out, nil
	case nil:
		return nil, errors.New("there are none")
	}
	return nil, errors.New("they are no list")
}

// images turns pixels, colour by colour, into (n, 32, 32, 3) uint8.
func images(pixels []byte) *tensor.Tensor {
	n := len(pixels) / cifarPixels
	out := tensor.New(tensor.Uint8, n, 32, 32, 3)
	dst := tensor.Data[uint8](out)
	const plane = 32 * 32
	for i := range n {
		src, to := pixels[i*cifarPixels:], dst[i*cifarPixels:]
		for p := range plane {
			to[3*p], to[3*p+1], to[3*p+2] = src[p], src[plane+p], src[2*plane+p]
		}
	}
	return out
}

// load reads the given files as one part.
func (c cifar) load(open func(string) ([]byte, error), label string, names ...string) (pixels []byte, labels []int64, err error) {
	for _, name := range names {
		content, err := open(name)
		if err != nil {
			return nil, nil, err
		}
		p, l, err := batch(content, label)
		if err != nil {
			return nil, nil, in(c.folder+"/"+name, err)
		}
		pixels, labels = append(pixels, p...), append(labels, l...)
	}
	return pixels, slices.Clip(labels), nil
}
