package kerasfile

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/kerasgo/kerasgo/io/hdf5"
)

const maxShardMap = 16 << 20

// OpenShards reads sharded weights: a .weights.json map and the .weights.h5 files beside it. Only files in the map's own folder are opened.
func OpenShards(path string) (*Weights, error) {
	w, err := openShards(path)
	if err != nil {
		return nil, inFile(path, err)
	}
	return w, nil
}

func openShards(path string) (*Weights, error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(filepath.Base(path))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxShardMap+1))
	f.Close()
	if err != nil {
		return nil, err
	}
	if len(text) > maxShardMap {
		return nil, fmt.Errorf("%w: a map of shards of more than %d bytes", ErrRefused, maxShardMap)
	}
	var m struct {
		WeightMap map[string]any `json:"weight_map"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, err
	}
	if m.WeightMap == nil {
		return nil, fmt.Errorf("no weight_map")
	}
	s := &shards{root: root, open: map[string]*Weights{}}
	w := &Weights{}
	for _, key := range slices.Sorted(maps.Keys(m.WeightMap)) {
		files, err := shardNames(m.WeightMap[key])
		if err != nil {
			return nil, fmt.Errorf("weight_map[%q]: %w", key, err)
		}
		g, err := s.group(ownerPath("/"+strings.TrimPrefix(key, "/")), files)
		if err != nil {
			return nil, fmt.Errorf("weight_map[%q]: %w", key, err)
		}
		w.Groups = append(w.Groups, *g)
	}
	return w, nil
}

// shardNames accepts one name or a list of names, none of which leads out of the folder.
func shardNames(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var out []string
	for _, x := range list {
		name, ok := x.(string)
		if !ok {
			return nil, fmt.Errorf("%v is no file name", x)
		}
		if err := checkName(name); err != nil || strings.Contains(name, "/") {
			return nil, fmt.Errorf("shard %q: %w: not in the folder of the map", name, ErrRefused)
		}
		out = append(out, name)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no file")
	}
	return out, nil
}

type shards struct {
	root *os.Root
	open map[string]*Weights
}

// group collects the variables of one group, which may span shards.
func (s *shards) group(path string, files []string) (*Group, error) {
	g := &Group{Path: path}
	for _, name := range files {
		w, err := s.shard(name)
		if err != nil {
			return nil, err
		}
		part := w.Group(path)
		if part == nil {
			return nil, fmt.Errorf("shard %q has no group %q", name, path)
		}
		if g.Name == "" {
			g.Name = part.Name
		}
		g.Vars = append(g.Vars, part.Vars...)
	}
	slices.SortStableFunc(g.Vars, func(a, b Tensor) int { return compareKeys(a.Name, b.Name) })
	for i, t := range g.Vars {
		if n, err := strconv.Atoi(t.Name); err == nil && n != i {
			return nil, fmt.Errorf("variable %d of %s is missing or occurs twice", i, path)
		}
	}
	return g, nil
}

func (s *shards) shard(name string) (*Weights, error) {
	if w := s.open[name]; w != nil {
		return w, nil
	}
	st, err := s.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("shard %q: %w: no regular file", name, ErrRefused)
	}
	f, err := s.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := hdf5.NewReader(f, st.Size())
	if err != nil {
		return nil, fmt.Errorf("shard %q: %w", name, err)
	}
	w, err := readWeights(h, true)
	if err != nil {
		return nil, fmt.Errorf("shard %q: %w", name, err)
	}
	s.open[name] = w
	return w, nil
}
