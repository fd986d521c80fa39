package data

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/spec"
)

// ImageFolder reads a folder with one folder of pictures for each class, as
// Keras's image_dataset_from_directory does: the sorted names of the folders are
// the classes, pictures (PNG, JPEG, GIF, BMP) are scaled to image_size, without
// keeping their proportions if nothing else is said, and x is float32
// (n, height, width, channels) with values from 0 to 255; a Rescaling layer
// brings them to [0, 1].
//
// Pictures come in the order of their classes, folders and names. For the splits
// they are mixed first, as Keras mixes them with the same seed, and validation_split
// takes the last ones.
//
// With label_mode none (null in descriptions) there is no y, and no folders of classes
// are needed: all pictures in the folder and below are read.
type ImageFolder struct {
	Path              string   `keras:"path,pos,required"`                                                                   // the folder
	ImageSize         [2]int   `keras:"image_size,default=256,min=1"`                                                        // height and width
	Interpolation     string   `keras:"interpolation,default=bilinear,enum=nearest|bilinear|bicubic|lanczos3|lanczos5|area"` // how pixels are made of pixels
	CropToAspectRatio bool     `keras:"crop_to_aspect_ratio"`                                                                // first cut the largest part from the middle that has the proportions of image_size
	PadToAspectRatio  bool     `keras:"pad_to_aspect_ratio"`                                                                 // keep the proportions, with black borders
	FollowLinks       bool     `keras:"follow_links"`                                                                        // read folders that links inside a class's folder lead to
	Shuffle           *bool    `keras:"shuffle,default=true"`                                                                // mix the pictures before they are split
	ColorMode         string   `keras:"color_mode,default=rgb,enum=grayscale|rgb|rgba"`                                      // 1, 3 or 4 channels
	LabelMode         string   `keras:"label_mode,default=int,enum=int|categorical|binary,none=none"`                        // class numbers (n), rows with a one (n, classes), 0 and 1 (n, 1), or none: pictures alone
	ClassNames        []string `keras:"class_names"`                                                                         // the folders to read, in the order of their numbers; all, sorted, if left out
	ValidationSplit   float64  `keras:"validation_split,min=0,max=1"`                                                        // share of the pictures for the split validation
	TestSplit         float64  `keras:"test_split,min=0,max=1"`                                                              // share of the pictures for the split test
	Test              string   `keras:"test"`                                                                                // a folder of the same form for the split test
	Seed              int      `keras:"seed,default=0"`                                                                      // of the mixing before the pictures are split
}

func init() { spec.Register[ImageFolder](module) }

var pictures = []string{".bmp", ".gif", ".jpeg", ".jpg", ".png"}

var channels = map[string]int{"grayscale": 1, "rgb": 3, "rgba": 4}

// Load reads the pictures.
func (d ImageFolder) Load(base string) (*Splits, error) {
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

// read reads the pictures of one folder in the order of their classes and names. y and
// names are nil without labels.
func (d ImageFolder) read(dir string, classes []string) (x, y *tensor.Tensor, names []string, err error) {
	files, y, names, err := folder{"pictures", pictures, d.LabelMode, d.FollowLinks}.list(dir, classes)
	if err != nil {
		return nil, nil, nil, err
	}
	x = tensor.New(tensor.Float32, len(files), d.ImageSize[0], d.ImageSize[1], channels[d.ColorMode])
	return x, y, names, d.readAll(files, x)
}

// readAll reads pictures into the samples of x.
func (d ImageFolder) readAll(files []string, x *tensor.Tensor) error {
	size := x.Size() / len(files)
	errs := make([]error, len(files))
	next := make(chan int)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := range next {
				errs[i] = d.readOne(files[i], x.Float32s()[i*size:(i+1)*size])
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (d ImageFolder) readOne(file string, dst []float32) error {
	img, err := ReadImage(file)
	if err != nil {
		return err
	}
	if d.Interpolation == "bilinear" && !d.CropToAspectRatio && !d.PadToAspectRatio {
		Pixels(img, d.ImageSize[0], d.ImageSize[1], channels[d.ColorMode], dst)
		return nil
	}
	pixels, h, w := values(img, channels[d.ColorMode])
	return d.fitted(pixels, h, w, channels[d.ColorMode], dst)
}

// Check reports arguments that contradict each other.
func (d ImageFolder) Check() error {
	if d.CropToAspectRatio && d.PadToAspectRatio {
		return fmt.Errorf("pad_to_aspect_ratio: crop_to_aspect_ratio is true too; only one of them can be")
	}
	return checkFolder("pictures", d.LabelMode, d.ClassNames, d.Test, d.ValidationSplit, d.TestSplit)
}

// Outline tells what follows from the arguments.
func (d ImageFolder) Outline() Outline {
	o := Outline{
		X:       tensor.Shape{tensor.Unknown, d.ImageSize[0], d.ImageSize[1], channels[d.ColorMode]},
		Classes: len(d.ClassNames),
		Parts:   Parts{Train: Some, Validation: part(d.ValidationSplit), Test: part(d.TestSplit)},
	}
	if d.Test != "" {
		o.Parts.Test = Some
	}
	o.Y = labelShape(d.LabelMode, len(d.ClassNames))
	return o
}

var (
	_ Source   = ImageFolder{}
	_ Outliner = ImageFolder{}
	_ Checker  = ImageFolder{}
)
