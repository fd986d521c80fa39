package keras

import (
	"fmt"

	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/io/kerasfile"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
)

// Vocabularies that layers have learned lie in a .keras archive's folder assets/, in
// folders that have the paths of the layers' groups of weights, and with them, among
// the weights, the arrays idf_weights.

// keeper returns the layer of a group if it keeps assets.
func (g varGroup) keeper() (layers.AssetKeeper, bool) {
	if g.layer == nil {
		return nil, false
	}
	k, ok := g.layer.desc.(layers.AssetKeeper)
	return k, ok
}

// assetArrays are the arrays of a group that are no weights of the model.
func (g varGroup) assetArrays() []kerasfile.Tensor {
	k, ok := g.keeper()
	if !ok {
		return nil
	}
	var list []kerasfile.Tensor
	_, arrays := k.Assets()
	for _, name := range sortedKeys(arrays) {
		list = append(list, fileTensor(name, arrays[name]))
	}
	return list
}

func (g varGroup) assetFolder() (folder, name string) {
	if k, ok := g.keeper(); ok {
		return k.AssetFolder()
	}
	return "", ""
}

// assets returns the files of the layers by their names below assets/.
func (m *Model) assets() map[string][]byte {
	all := map[string][]byte{}
	for _, g := range m.groups("") {
		k, ok := g.keeper()
		if !ok {
			continue
		}
		files, _ := k.Assets()
		for name, text := range files {
			all[g.path+"/"+name] = text
			if folder, _ := k.AssetFolder(); folder != "" {
				all[g.path+"/"+folder+"/"+name] = text
			}
		}
	}
	return all
}

// loadAssets gives the layers what an archive keeps for them.
func (m *Model) loadAssets(path string, a *kerasfile.Archive, w *kerasfile.Weights) error {
	for _, g := range m.groups("") {
		k, ok := g.keeper()
		if !ok {
			continue
		}
		arrays := map[string]*tensor.Tensor{}
		if fg := w.Group(g.path); fg != nil {
			for _, t := range fg.Vars {
				x, err := numbers(t)
				if err != nil {
					return fmt.Errorf("%s:%s: %w", path, g.path, err)
				}
				arrays[t.Name] = x
			}
		}
		done, err := k.WithAssets(func(name string) ([]byte, error) { return a.Asset(g.path + "/" + name) }, arrays)
		if err != nil {
			return fmt.Errorf("%s: layer %q: %w", path, g.name, err)
		}
		g.layer.desc = done
		g.layer.learned++
	}
	return nil
}
