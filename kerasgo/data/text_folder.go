package data

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// TextFolder reads a folder with one folder of .txt files for each class, as Keras's
// text_dataset_from_directory does: the sorted names of the folders are the classes, and
// x holds the texts, (n) strings, which a TextVectorization layer reads.
//
// Unlike in Keras, the texts that validation_split takes are mixed with Go's random
// numbers, so other ones are taken.
type TextFolder struct {
	Path            string   `keras:"path,pos,required"`                                  // the folder
	LabelMode       string   `keras:"label_mode,default=int,enum=int|categorical|binary"` // class numbers (n), rows with a one (n, classes), or 0 and 1 (n, 1)
	ClassNames      []string `keras:"class_names"`                                        // the folders to read, in the order of their numbers; all, sorted, if left out
	MaxLength       *int     `keras:"max_length,min=1"`                                   // bytes after which a text is cut
	ValidationSplit float64  `keras:"validation_split,min=0,max=1"`                       // share of the texts for the split validation
	TestSplit       float64  `keras:"test_split,min=0,max=1"`                             // share of the texts for the split test
	Test            string   `keras:"test"`                                               // a folder of the same form for the split test
	Seed            int      `keras:"seed,default=0"`                                     // of the mixing before the texts are split
}

func init() { spec.Register[TextFolder](module) }

// Load reads the texts.
func (d TextFolder) Load(base string) (*Splits, error) {
	d, err := spec.Complete(d)
	if err != nil {
		return nil, err
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	x, y, classes, err := d.read(locate(base, d.Path), d.ClassNames)
	if err != nil {
		return nil, err
	}
	if d.ValidationSplit > 0 || d.TestSplit > 0 {
		order := shuffled(x.Len(), d.Seed)
		x, y = take(x, order), take(y, order)
	}
	s, err := divide(x, y, d.ValidationSplit, d.TestSplit)
	if err != nil {
		return nil, err
	}
	s.Classes = classes
	if d.Test != "" {
		x, y, _, err := d.read(locate(base, d.Test), classes)
		if err != nil {
			return nil, err
		}
		s.Test = &Split{X: x, Y: y}
	}
	return s, nil
}

// read reads the texts of one folder in the order of their classes and names.
func (d TextFolder) read(dir string, classes []string) (x, y *tensor.Tensor, names []string, err error) {
	if classes == nil {
		entries, err := os.ReadDir(dir) // sorted
		if err != nil {
			return nil, nil, nil, err
		}
		for _, e := range entries {
			if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				classes = append(classes, e.Name())
			}
		}
	}
	if len(classes) == 0 {
		return nil, nil, nil, fmt.Errorf("%s holds no folders; there must be one for each class", dir)
	}
	if d.LabelMode == "binary" && len(classes) != 2 {
		return nil, nil, nil, fmt.Errorf("label_mode binary wants two classes, %s has %d", dir, len(classes))
	}
	var texts []string
	var labels []int32
	for k, c := range classes {
		err := filepath.WalkDir(filepath.Join(dir, c), func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.ToLower(filepath.Ext(path)) != ".txt" {
				return err
			}
			text, err := os.ReadFile(path)
			if d.MaxLength != nil && len(text) > *d.MaxLength {
				text = text[:*d.MaxLength]
			}
			texts, labels = append(texts, string(text)), append(labels, int32(k))
			return err
		})
		if err != nil {
			return nil, nil, nil, err
		}
	}
	if len(texts) == 0 {
		return nil, nil, nil, fmt.Errorf("%s holds no texts (.txt)", dir)
	}
	y = tensor.From(labels)
	switch d.LabelMode {
	case "categorical":
		y, err = oneHot(y, len(classes))
	case "binary":
		y = y.Cast(tensor.Float32).Reshape(len(labels), 1)
	}
	return tensor.From(texts), y, slices.Clone(classes), err
}

// Check reports arguments that contradict each other.
func (d TextFolder) Check() error {
	switch {
	case d.Test != "" && d.TestSplit > 0:
		return fmt.Errorf("test_split: test makes the split test too; give one of them")
	case d.LabelMode == "binary" && d.ClassNames != nil && len(d.ClassNames) != 2:
		return fmt.Errorf("class_names: label_mode binary wants two classes, got %d", len(d.ClassNames))
	}
	return leavesSome(d.ValidationSplit, d.TestSplit)
}

// Outline tells what follows from the arguments.
func (d TextFolder) Outline() Outline {
	o := Outline{
		X: tensor.Shape{tensor.Unknown}, Strings: true, Classes: len(d.ClassNames),
		Parts: Parts{Train: Some, Validation: part(d.ValidationSplit), Test: part(d.TestSplit)},
	}
	if d.Test != "" {
		o.Parts.Test = Some
	}
	switch {
	case d.LabelMode == "binary":
		o.Y = tensor.Shape{tensor.Unknown, 1}
	case d.LabelMode == "int":
		o.Y = tensor.Shape{tensor.Unknown}
	case d.ClassNames != nil:
		o.Y = tensor.Shape{tensor.Unknown, len(d.ClassNames)}
	}
	return o
}

var (
	_ Source   = TextFolder{}
	_ Outliner = TextFolder{}
	_ Checker  = TextFolder{}
)
