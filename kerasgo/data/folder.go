package data

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/rng"
	"github.com/kerasgo/kerasgo/engine/tensor"
)

// folder is a folder with one folder of files for each class, as Keras's
// …_dataset_from_directory functions read them.
type folder struct {
	what        string   // is in the files, for messages
	endings     []string // of the files' names
	labelMode   string   // int, categorical, binary or none
	followLinks bool     // read folders that links inside a class's folder lead to
}

// list returns the paths of the files in the order of their classes, folders and names, and
// their labels. classes are the folders to read; nil means all. Without labels all files in
// the folder and below are listed, and y and names are nil.
func (f folder) list(dir string, classes []string) (files []string, y *tensor.Tensor, names []string, err error) {
	switch {
	case f.labelMode == "none":
		classes = []string{""} // the folder itself
	case classes == nil:
		entries, err := os.ReadDir(dir) // sorted
		if err != nil {
			return nil, nil, nil, err
		}
		for _, e := range entries {
			if isFolder(filepath.Join(dir, e.Name()), e) && !strings.HasPrefix(e.Name(), ".") {
				classes = append(classes, e.Name())
			}
		}
	}
	if len(classes) == 0 {
		return nil, nil, nil, fmt.Errorf("%s holds no folders; there must be one for each class", dir)
	}
	if f.labelMode == "binary" && len(classes) != 2 {
		return nil, nil, nil, fmt.Errorf("label_mode binary wants two classes, %s has %d", dir, len(classes))
	}
	var labels []int32
	for k, c := range classes {
		list, err := f.below(filepath.Join(dir, c))
		if err != nil {
			return nil, nil, nil, err
		}
		files = append(files, list...)
		labels = append(labels, slices.Repeat([]int32{int32(k)}, len(list))...)
	}
	if len(files) == 0 {
		return nil, nil, nil, fmt.Errorf("%s holds no %s (%s)", dir, f.what, strings.Join(f.endings, " "))
	}
	y = tensor.From(labels)
	switch f.labelMode {
	case "none":
		return files, nil, nil, nil
	case "categorical":
		y, err = oneHot(y, len(classes))
	case "binary":
		y = y.Cast(tensor.Float32).Reshape(len(labels), 1)
	}
	return files, y, slices.Clone(classes), err
}

// below returns the paths of the files in a folder and the folders in it, in the order
// of the folders' paths and then of the names. Links to folders are read when
// followLinks is set, each folder at most once.
func (f folder) below(dir string) ([]string, error) {
	found := map[string][]string{} // by folder
	seen := map[string]bool{}
	var walk func(dir string) error
	walk = func(dir string) error {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil || seen[real] {
			return err
		}
		seen[real] = true
		entries, err := os.ReadDir(dir) // sorted
		if err != nil {
			return err
		}
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			switch {
			case isFolder(path, e):
				if e.IsDir() || f.followLinks {
					if err := walk(path); err != nil {
						return err
					}
				}
			case slices.Contains(f.endings, strings.ToLower(filepath.Ext(path))):
				found[dir] = append(found[dir], path)
			}
		}
		return nil
	}
	if err := walk(dir); err != nil {
		return nil, err
	}
	var list []string
	for _, folder := range slices.Sorted(maps.Keys(found)) {
		list = append(list, found[folder]...)
	}
	return list, nil
}

// isFolder reports whether an entry is a folder, or a link to one.
func isFolder(path string, e os.DirEntry) bool {
	if e.Type()&os.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// divideFiles makes the splits as Keras does: what is read is mixed with NumPy's numbers of the
// seed if mix is set, and the validation part is the last one, rounded down. y may be nil.
func divideFiles(x, y *tensor.Tensor, mix bool, seed int, validation, test float64) (*Splits, error) {
	if mix && validation+test > 0 {
		random, err := rng.NewNumPy(seed)
		if err != nil {
			return nil, err
		}
		order := random.Shuffled(x.Len())
		x = take(x, order)
		if y != nil {
			y = take(y, order)
		}
	}
	n := float64(x.Len())
	return divide(x, y, math.Trunc(validation*n)/n, test)
}

// labelShape is the shape of the labels of a label mode; classes is 0 where their number is not known.
func labelShape(mode string, classes int) tensor.Shape {
	switch {
	case mode == "binary":
		return tensor.Shape{tensor.Unknown, 1}
	case mode == "int":
		return tensor.Shape{tensor.Unknown}
	case mode == "categorical" && classes > 0:
		return tensor.Shape{tensor.Unknown, classes}
	}
	return nil
}

// checkFolder reports arguments of a folder that contradict each other.
func checkFolder(what, labelMode string, classes []string, test string, validationSplit, testSplit float64) error {
	switch {
	case test != "" && testSplit > 0:
		return fmt.Errorf("test_split: test makes the split test too; give one of them")
	case labelMode == "none" && classes != nil:
		return fmt.Errorf("class_names: label_mode none reads %s without classes; leave one of them out", what)
	case labelMode == "binary" && classes != nil && len(classes) != 2:
		return fmt.Errorf("class_names: label_mode binary wants two classes, got %d", len(classes))
	}
	return leavesSome(validationSplit, testSplit)
}
