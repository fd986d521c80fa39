package applications

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// cached returns the path of a file in the folder models of Keras's cache.
func cached(name string) (string, error) {
	home := os.Getenv("KERAS_HOME")
	if home == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		home = filepath.Join(user, ".keras")
	}
	path := filepath.Join(home, "models", name)
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%s is not there, and nothing is downloaded; put Keras's file %s there, or give the path of a local file: %w", path, name, fs.ErrNotExist)
	}
	return path, err
}
