package data

import (
	"fmt"
	"os"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// AudioFolder reads a folder with one folder of .wav files for each class, as Keras's
// audio_dataset_from_directory does: the sorted names of the folders are the classes, and x is
// float32 (n, samples, channels) with values from -1 to 1. Files hold 16-bit samples and all have
// the same number of channels.
//
// Shorter recordings are filled up with zeros to output_sequence_length, where Keras without
// that argument fills each batch to its own longest one, to the longest of all.
//
// Recordings come in the order of their classes, folders and names. For the splits they are
// mixed first, as Keras mixes them with the same seed, and validation_split takes the last ones.
// With label_mode none there is no y, and all recordings in the folder and below are read.
type AudioFolder struct {
	Path                 string   `keras:"path,pos,required"`                                            // the folder
	LabelMode            string   `keras:"label_mode,default=int,enum=int|categorical|binary,none=none"` // class numbers (n), rows with a one (n, classes), 0 and 1 (n, 1), or none: recordings alone
	ClassNames           []string `keras:"class_names"`                                                  // the folders to read, in the order of their numbers; all, sorted, if left out
	OutputSequenceLength *int     `keras:"output_sequence_length,min=1"`                                 // samples of each recording: longer ones are cut, shorter ones filled with zeros
	FollowLinks          bool     `keras:"follow_links"`                                                 // read folders that links inside a class's folder lead to
	Shuffle              *bool    `keras:"shuffle,default=true"`                                         // mix the recordings before they are split
	ValidationSplit      float64  `keras:"validation_split,min=0,max=1"`                                 // share of the recordings for the split validation
	TestSplit            float64  `keras:"test_split,min=0,max=1"`                                       // share of the recordings for the split test
	Test                 string   `keras:"test"`                                                         // a folder of the same form for the split test
	Seed                 int      `keras:"seed,default=0"`                                               // of the mixing before the recordings are split
}

func init() { spec.Register[AudioFolder](module) }

// Load reads the recordings.
func (d AudioFolder) Load(base string) (*Splits, error) {
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
		d.OutputSequenceLength = new(x.Shape()[1])
		x, y, _, err := d.read(locate(base, d.Test), classes)
		if err != nil {
			return nil, err
		}
		s.Test = newSplit(x, y)
	}
	return s, nil
}

// read reads the recordings of one folder in the order of their classes and names. y and names
// are nil without labels.
func (d AudioFolder) read(dir string, classes []string) (x, y *tensor.Tensor, names []string, err error) {
	files, y, names, err := folder{"recordings", []string{".wav"}, d.LabelMode, d.FollowLinks}.list(dir, classes)
	if err != nil {
		return nil, nil, nil, err
	}
	waves, channels, longest := make([][]float32, len(files)), 0, 0
	for i, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, nil, err
		}
		samples, n, err := decodeWAV(raw)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		if i > 0 && n != channels {
			return nil, nil, nil, fmt.Errorf("%s has %d channels, %s has %d; all recordings must have the same number", file, n, files[0], channels)
		}
		waves[i], channels = samples, n
		longest = max(longest, len(samples)/n)
	}
	if d.OutputSequenceLength != nil {
		longest = *d.OutputSequenceLength
	}
	x = tensor.New(tensor.Float32, len(files), longest, channels)
	for i, samples := range waves {
		copy(x.Float32s()[i*longest*channels:(i+1)*longest*channels], samples)
	}
	return x, y, names, nil
}

// Check reports arguments that contradict each other.
func (d AudioFolder) Check() error {
	return checkFolder("recordings", d.LabelMode, d.ClassNames, d.Test, d.ValidationSplit, d.TestSplit)
}

// Outline tells what follows from the arguments.
func (d AudioFolder) Outline() Outline {
	o := Outline{
		X: tensor.Shape{tensor.Unknown, tensor.Unknown, tensor.Unknown}, Y: labelShape(d.LabelMode, len(d.ClassNames)), Classes: len(d.ClassNames),
		Parts: Parts{Train: Some, Validation: part(d.ValidationSplit), Test: part(d.TestSplit)},
	}
	if d.OutputSequenceLength != nil {
		o.X[1] = *d.OutputSequenceLength
	}
	if d.Test != "" {
		o.Parts.Test = Some
	}
	return o
}

var (
	_ Source   = AudioFolder{}
	_ Outliner = AudioFolder{}
	_ Checker  = AudioFolder{}
)
