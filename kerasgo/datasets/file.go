package datasets

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// file is one that Keras keeps in its cache.
type file struct {
	name   string // in the folder datasets
	hash   string // SHA-256 or, of 32 digits, MD5; empty where Keras has none
	origin string // where Keras gets it
}

// MissingError is the error for a file that is not there.
type MissingError struct {
	Path   string // where it was looked for
	Hash   string // SHA-256, or MD5 of 32 digits, of the file that Keras gets; empty if Keras knows none
	Origin string // where Keras gets it
}

func (e *MissingError) Error() string {
	hash := ""
	if e.Hash != "" {
		hash = fmt.Sprintf(" (%s %s)", algorithm(e.Hash), e.Hash)
	}
	return fmt.Sprintf("datasets: there is no %s%s; Keras gets it as %s: put it there, or let Keras load the data set once", e.Path, hash, e.Origin)
}

// Unwrap makes errors.Is(err, fs.ErrNotExist) true.
func (*MissingError) Unwrap() error { return fs.ErrNotExist }

// DamagedError is the error for a file whose checksum is not that which Keras wants.
type DamagedError struct{ Path, Want, Got string }

func (e *DamagedError) Error() string {
	return fmt.Sprintf("datasets: %s is not the file that Keras gets: its %s is %s, wanted is %s; move it away, or name it in Path to read it as it is", e.Path, algorithm(e.Want), e.Got, e.Want)
}

func algorithm(hash string) string {
	if len(hash) == 32 {
		return "md5"
	}
	return "sha256"
}

// cache returns the path of a file in Keras's cache.
func cache(name string) (string, error) {
	home := os.Getenv("KERAS_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("datasets: Keras's folder is not known: set KERAS_HOME: %w", err)
		}
		home = filepath.Join(user, ".keras")
	}
	return filepath.Join(home, "datasets", filepath.FromSlash(name)), nil
}

// read returns the content of a file: the one at path, as it is, or with an empty path
// that of the cache, if it has the right checksum. A path without a folder is one in the
// cache, as for Keras.
func (f file) read(path string) (content []byte, found string, err error) {
	own := path != "" && path != f.name
	found = path
	if path == "" || filepath.Base(path) == path {
		if !own {
			path = f.name
		}
		if found, err = cache(path); err != nil {
			return nil, "", err
		}
	}
	content, err = os.ReadFile(found)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, found, &MissingError{found, f.hash, f.origin}
	case err != nil:
		return nil, found, fmt.Errorf("datasets: %w", err)
	case own || f.hash == "":
		return content, found, nil
	}
	if got := sum(f.hash, content); got != f.hash {
		return nil, found, &DamagedError{found, f.hash, got}
	}
	return content, found, nil
}

// sum is the checksum of the kind that hash is.
func sum(hash string, content []byte) string {
	if algorithm(hash) == "md5" {
		s := md5.Sum(content)
		return hex.EncodeToString(s[:])
	}
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// in puts the file's path before an error.
func in(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("datasets: %s: %w", path, err)
}

// reader makes content readable at any place.
func reader(content []byte) (*bytes.Reader, int64) {
	return bytes.NewReader(content), int64(len(content))
}
