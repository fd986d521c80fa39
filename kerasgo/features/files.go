package features

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	keras "github.com/kerasgo/kerasgo/kerasgo"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/spec"
)

// In a .keras archive Keras keeps the layers of the columns in the group preprocessors,
// numbered by class; the others have nothing to keep.
const (
	group      = "preprocessors"
	pythonPath = "keras.src.layers.preprocessing.feature_space"
)

// groups returns the columns' paths in an archive.
func (s *Space) groups() []string {
	count := map[string]int{}
	var paths []string
	for _, c := range s.columns {
		base := spec.SnakeCase(c.layer.Class())
		path := group + "/" + base
		if k := count[base]; k > 0 {
			path = fmt.Sprintf("%s_%d", path, k)
		}
		count[base]++
		paths = append(paths, path)
	}
	return paths
}

// Save writes the space with what it has learned to a .keras file, for Load or for
// Keras's load_model. It must have been adapted.
func (s *Space) Save(path string) error {
	if err := s.save(path); err != nil {
		return fmt.Errorf("features: Save: %w", err)
	}
	return nil
}

func (s *Space) save(path string) error {
	if !strings.HasSuffix(path, ".keras") {
		return fmt.Errorf("%q: the suffix must be .keras", path)
	}
	if err := s.build(); err != nil {
		return err
	}
	config, err := s.object()
	if err != nil {
		return err
	}
	w := &kerasfile.Weights{}
	files := map[string][]byte{}
	paths := s.groups()
	for i, c := range s.columns {
		var arrays []kerasfile.Tensor
		for _, t := range c.layer.GetWeights() {
			arrays = append(arrays, fileTensor("", t))
		}
		if k, ok := c.layer.Description().(layers.AssetKeeper); ok {
			texts, more := k.Assets()
			for name, t := range more {
				arrays = append(arrays, fileTensor(name, t))
			}
			folder, inner := k.AssetFolder()
			for name, text := range texts {
				files[paths[i]+"/"+name] = text
				if folder != "" {
					files[paths[i]+"/"+folder+"/"+name] = text
				}
			}
			if folder != "" {
				w.Add(paths[i]+"/"+folder, inner, arrays...)
			}
		}
		w.Add(paths[i], c.layer.Name(), arrays...)
	}
	w.Add("", "feature_space")
	return kerasfile.WriteArchive(path, &kerasfile.Model{KerasVersion: keras.KerasVersion, Config: spec.JSON(config, 0), Weights: w, Assets: files})
}

func fileTensor(name string, t *tensor.Tensor) kerasfile.Tensor {
	if t.DType() == tensor.Int32 {
		return kerasfile.Int32s(name, t.Shape(), t.Int32s())
	}
	return kerasfile.Float32s(name, t.Shape(), t.Cast(tensor.Float32).Float32s())
}

// object returns the space as Keras serializes it.
func (s *Space) object() (*spec.Object, error) {
	shape := func() *spec.Object { return spec.NewObject("input_shape", []any{nil, 1}) }
	columns, build := spec.NewObject(), spec.NewObject()
	for _, c := range s.columns {
		layer, err := spec.Serialize(c.layer.Description())
		if err != nil {
			return nil, fmt.Errorf("feature %q: %w", c.name, err)
		}
		built := shape()
		if _, ok := c.layer.Description().(layers.VocabularyKeeper); ok {
			built = spec.NewObject()
		}
		layer.Set("build_config", built)
		columns.Set(c.name, spec.NewObject("module", pythonPath, "class_name", "Feature", "config",
			spec.NewObject("dtype", c.kind.DType, "preprocessor", layer, "output_mode", c.kind.OutputMode), "registered_name", "Feature"))
		build.Set(c.name, built)
	}
	crosses := []any{}
	for _, x := range s.crosses {
		names := []any{}
		for _, n := range x.Features {
			names = append(names, n)
		}
		crosses = append(crosses, spec.NewObject("module", pythonPath, "class_name", "Cross", "config",
			spec.NewObject("feature_names", names, "crossing_dim", x.CrossingDim, "output_mode", x.OutputMode), "registered_name", "Cross"))
	}
	c := spec.NewObject("features", columns, "output_mode", s.config.OutputMode, "crosses", crosses,
		"crossing_dim", s.config.CrossingDim, "hashing_dim", s.config.HashingDim, "num_discretization_bins", s.config.NumDiscretizationBins)
	return spec.NewObject("module", "keras.utils", "class_name", "FeatureSpace", "config", c, "registered_name", nil, "build_config", build), nil
}

// Load reads a space that Save or Keras's FeatureSpace.save has written.
func Load(path string) (*Space, error) {
	s, err := load(path)
	if err != nil {
		return nil, fmt.Errorf("features: Load: %w", err)
	}
	return s, nil
}

func load(path string) (*Space, error) {
	a, err := kerasfile.OpenArchive(path)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	n, errs := spec.Parse(path+":config.json", a.Config)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	if c := n.Get("class_name"); c == nil || c.Value != "FeatureSpace" {
		return nil, fmt.Errorf("%s holds no FeatureSpace; keras.LoadModel reads models", path)
	}
	s, err := fromConfig(n.Get("config"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	w, err := a.Weights()
	if err != nil {
		return nil, err
	}
	if err := s.fill(path, a, w); err != nil {
		return nil, err
	}
	return s, s.build()
}

// fromConfig makes the space that a configuration describes, with the columns in the
// order that they have there.
func fromConfig(n *spec.Node) (*Space, error) {
	var v struct {
		Features              any    `keras:"features,required"`
		OutputMode            string `keras:"output_mode,default=concat"`
		Crosses               any    `keras:"crosses"`
		CrossingDim           int    `keras:"crossing_dim,default=32,min=1"`
		HashingDim            int    `keras:"hashing_dim,default=32,min=1"`
		NumDiscretizationBins int    `keras:"num_discretization_bins,default=32,min=1"`
	}
	if n == nil {
		return nil, errors.New("the FeatureSpace has no config")
	}
	if errs := spec.DecodeStruct(n, &v); len(errs) > 0 {
		return nil, errs
	}
	c := Config{map[string]any{}, v.OutputMode, nil, v.CrossingDim, v.HashingDim, v.NumDiscretizationBins}
	var names []string
	for _, p := range n.Get("features").Pairs {
		var f struct {
			DType        string `keras:"dtype,required"`
			Preprocessor any    `keras:"preprocessor,kind=layer,required"`
			OutputMode   string `keras:"output_mode,required"`
		}
		config := p.Val.Get("config")
		if config == nil {
			return nil, fmt.Errorf("feature %q has no config", p.Key.Value)
		}
		if errs := spec.DecodeStruct(config, &f); len(errs) > 0 {
			return nil, errs
		}
		c.Features[p.Key.Value] = Feature{f.DType, f.Preprocessor, f.OutputMode}
		names = append(names, p.Key.Value)
	}
	if list := n.Get("crosses"); list != nil {
		for _, item := range list.Items {
			var x struct {
				Features    []string `keras:"feature_names,required"`
				CrossingDim int      `keras:"crossing_dim,required,min=1"`
				OutputMode  string   `keras:"output_mode,default=one_hot"`
			}
			config := item.Get("config")
			if config == nil {
				return nil, errors.New("a cross has no config")
			}
			if errs := spec.DecodeStruct(config, &x); len(errs) > 0 {
				return nil, errs
			}
			c.Crosses = append(c.Crosses, Cross{x.Features, x.CrossingDim, x.OutputMode})
		}
	}
	return newSpace(c, names)
}

// fill gives the columns' layers what the archive keeps for them.
func (s *Space) fill(path string, a *kerasfile.Archive, w *kerasfile.Weights) error {
	paths := s.groups()
	for i, c := range s.columns {
		arrays := map[string]*tensor.Tensor{}
		if g := w.Group(paths[i]); g != nil {
			for _, t := range g.Vars {
				v, err := t.Float32s()
				if err != nil {
					return fmt.Errorf("%s:%s: %w", path, paths[i], err)
				}
				arrays[t.Name] = tensor.From(v, append([]int{}, t.Shape...)...)
			}
		}
		d := c.layer.Description()
		var err error
		if k, ok := d.(layers.AssetKeeper); ok {
			d, err = k.WithAssets(func(name string) ([]byte, error) { return a.Asset(paths[i] + "/" + name) }, arrays)
		} else if k, ok := d.(layers.MomentKeeper); ok && arrays["0"] != nil && arrays["1"] != nil {
			d = k.WithMoments(arrays["0"], arrays["1"])
		}
		if err != nil {
			return fmt.Errorf("%s: feature %q: %w", path, c.name, err)
		}
		c.layer = keras.Share(d)
	}
	return nil
}
