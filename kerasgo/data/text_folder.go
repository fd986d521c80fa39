package data

import (
	"os"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// TextFolder reads a folder with one folder of .txt files for each class, as Keras's
// text_dataset_from_directory does: the sorted names of the folders are the classes, and
// x holds the texts, (n) strings, which a TextVectorization layer reads.
//
// Texts come in the order of their classes, folders and names. For the splits they are
// mixed first, as Keras mixes them with the same seed, and validation_split takes the last ones.
// With label_mode none there is no y, and all texts in the folder and below are read.
type TextFolder struct {
	Path            string   `keras:"path,pos,required"`                                            // the folder
	LabelMode       string   `keras:"label_mode,default=int,enum=int|categorical|binary,none=none"` // class numbers (n), rows with a one (n, classes), 0 and 1 (n, 1), or none: texts alone
	ClassNames      []string `keras:"class_names"`                                                  // the folders to read, in the order of their numbers; all, sorted, if left out
	MaxLength       *int     `keras:"max_length,min=1"`                                             // bytes after which a text is cut
	FollowLinks     bool     `keras:"follow_links"`                                                 // read folders that links inside a class's folder lead to
	Shuffle         *bool    `keras:"shuffle,default=true"`                                         // mix the texts before they are split
	ValidationSplit float64  `keras:"validation_split,min=0,max=1"`                                 // share of the texts for the split validation
	TestSplit       float64  `keras:"test_split,min=0,max=1"`                                       // share of the texts for the split test
	Test            string   `keras:"test"`                                                         // a folder of the same form for the split test
	Seed            int      `keras:"seed,default=0"`                                               // of the mixing before the texts are split
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
	s, err := divideFiles(x, y, *d.Shuffle, d.Seed, d.ValidationSplit, d.TestSplit)
	if err != nil {
		return nil, err
	}
	s.Classes = classes
	if d.Test != "" {
		x, y, _, err := d.read(locate(base, d.Test), classes)
		if err != nil {
			return nil, err
		}
		s.Test = newSplit(x, y)
	}
	return s, nil
}

// read reads the texts of one folder in the order of their classes and names. y and names
// are nil without labels.
func (d TextFolder) read(dir string, classes []string) (x, y *tensor.Tensor, names []string, err error) {
	files, y, names, err := folder{"texts", []string{".txt"}, d.LabelMode, d.FollowLinks}.list(dir, classes)
	if err != nil {
		return nil, nil, nil, err
	}
	texts := make([]string, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, nil, err
		}
		if d.MaxLength != nil && len(text) > *d.MaxLength {
			text = text[:*d.MaxLength]
		}
		texts[i] = string(text)
	}
	return tensor.From(texts), y, names, nil
}

// Check reports arguments that contradict each other.
func (d TextFolder) Check() error {
	return checkFolder("texts", d.LabelMode, d.ClassNames, d.Test, d.ValidationSplit, d.TestSplit)
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
	o.Y = labelShape(d.LabelMode, len(d.ClassNames))
	return o
}

var (
	_ Source   = TextFolder{}
	_ Outliner = TextFolder{}
	_ Checker  = TextFolder{}
)
