package hdf5

import (
	"errors"
	"strings"
)

// Group is a group of named objects.
type Group struct {
	object
	depth    int
	linkList []Link
	byName   map[string]Link
	opened   map[string]Object // nothing is read twice, so reading again costs nothing of the file's budget
}

// Links lists the names in the group: by name, or in creation order if the file tracks it, which is the order h5py shows. Soft and external
// links are listed but cannot be opened.
func (g *Group) Links() ([]Link, error) {
	if g.byName == nil {
		links, err := g.h.links()
		if err != nil {
			return nil, g.fail(err)
		}
		g.linkList, g.byName = links, make(map[string]Link, len(links))
		g.opened = map[string]Object{}
		for _, l := range links {
			g.byName[l.Name] = l
		}
	}
	return g.linkList, nil
}

// Has tells whether a direct child of that name exists, whatever it is.
func (g *Group) Has(name string) bool {
	_, err := g.Links()
	_, ok := g.byName[name]
	return err == nil && ok
}

// Child opens the direct child of that name; names never contain a slash. A soft or external link is refused.
func (g *Group) Child(name string) (Object, error) {
	if _, err := g.Links(); err != nil {
		return nil, err
	}
	l, ok := g.byName[name]
	path := strings.TrimSuffix(g.path, "/") + "/" + name
	if !ok {
		return nil, g.h.f.locate(path, fail(ErrNotFound, "no such object"))
	}
	if l.Kind != HardLink {
		return nil, g.h.f.locate(path, fail(ErrRefused, "%s to %q", l.Kind, l.Target))
	}
	o := g.opened[name]
	if o == nil {
		var err error
		if o, err = g.h.f.open(l.addr, g, name); err != nil {
			return nil, err
		}
		g.opened[name] = o
	}
	return o, nil
}

// Open opens the object at a path relative to the group; empty elements are ignored.
func (g *Group) Open(path string) (Object, error) {
	var o Object = g
	for name := range strings.SplitSeq(path, "/") {
		if name == "" {
			continue
		}
		in, ok := o.(*Group)
		if !ok {
			return nil, g.h.f.locate(o.Path(), fail(ErrType, "no group, so it has no %q", name))
		}
		var err error
		if o, err = in.Child(name); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// Group opens the group at a path.
func (g *Group) Group(path string) (*Group, error) {
	o, err := g.Open(path)
	if err != nil {
		return nil, err
	}
	if sub, ok := o.(*Group); ok {
		return sub, nil
	}
	return nil, g.h.f.locate(o.Path(), fail(ErrType, "no group"))
}

// Dataset opens the dataset at a path.
func (g *Group) Dataset(path string) (*Dataset, error) {
	o, err := g.Open(path)
	if err != nil {
		return nil, err
	}
	if d, ok := o.(*Dataset); ok {
		return d, nil
	}
	return nil, g.h.f.locate(o.Path(), fail(ErrType, "no dataset"))
}

// Children opens every object in the group, in the order of Links. A soft or external link among them is an error.
func (g *Group) Children() ([]Object, error) {
	links, err := g.Links()
	if err != nil {
		return nil, err
	}
	out := make([]Object, len(links))
	for i, l := range links {
		if out[i], err = g.Child(l.Name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Groups opens the children that are groups.
func (g *Group) Groups() ([]*Group, error) { return childrenOf[*Group](g) }

// Datasets opens the children that are datasets.
func (g *Group) Datasets() ([]*Dataset, error) { return childrenOf[*Dataset](g) }

func childrenOf[T Object](g *Group) (out []T, err error) {
	all, err := g.Children()
	for _, o := range all {
		if t, ok := o.(T); ok {
			out = append(out, t)
		}
	}
	return out, err
}

// ErrSkip returned by a function given to Walk leaves out the children of a group.
var ErrSkip = errors.New("skip this group")

// Walk calls visit with the group and everything below it, parents first. Every object is visited at most once per name; cycles are refused.
func (g *Group) Walk(visit func(Object) error) error {
	if err := visit(g); err != nil {
		if err == ErrSkip {
			return nil
		}
		return err
	}
	all, err := g.Children()
	if err != nil {
		return err
	}
	for _, o := range all {
		if sub, ok := o.(*Group); ok {
			err = sub.Walk(visit)
		} else {
			err = visit(o)
		}
		if err != nil && err != ErrSkip {
			return err
		}
	}
	return nil
}
