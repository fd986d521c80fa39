package hdf5

// Object is a *Group, a *Dataset or a *NamedType.
type Object interface {
	// Path is the absolute path, "/" for the root.
	Path() string
	// Name is the last element of the path, "" for the root.
	Name() string
	// Attributes lists the attributes in stored order.
	Attributes() ([]*Attribute, error)
	// Attribute returns one attribute, or an error of kind ErrNotFound.
	Attribute(name string) (*Attribute, error)
	// HasAttribute tells whether the attribute exists and can be read.
	HasAttribute(name string) bool
}

// object is what groups, datasets and named types share.
type object struct {
	h          *header
	path, name string
	attrs      []*Attribute
	listed     bool
}

func (o *object) Path() string { return o.path }
func (o *object) Name() string { return o.name }

func (o *object) fail(err error) error { return o.h.f.locate(o.path, err) }

func (o *object) Attributes() ([]*Attribute, error) {
	if !o.listed {
		as, err := o.h.attributes(o.path)
		if err != nil {
			return nil, o.fail(err)
		}
		o.attrs, o.listed = as, true
	}
	return o.attrs, nil
}

func (o *object) Attribute(name string) (*Attribute, error) {
	as, err := o.Attributes()
	if err != nil {
		return nil, err
	}
	for _, a := range as {
		if a.Name == name {
			return a, nil
		}
	}
	return nil, o.h.f.locate(o.path+"@"+name, fail(ErrNotFound, "no attribute %q", name))
}

func (o *object) HasAttribute(name string) bool {
	_, err := o.Attribute(name)
	return err == nil
}

// NamedType is a datatype stored as an object of its own.
type NamedType struct {
	object
	typ *Type
}

// Type returns the type.
func (t *NamedType) Type() *Type { return t.typ }

func (f *File) openRoot() (*Group, error) {
	o, err := f.open(f.rootAddr, nil, "")
	if err != nil {
		return nil, err
	}
	g, ok := o.(*Group)
	if !ok {
		return nil, malformed("the root is no group")
	}
	return g, nil
}

// maxDepth bounds the nesting of groups.
const maxDepth = 256

// open opens the object at addr as the child of a group.
func (f *File) open(addr uint64, parent *Group, name string) (Object, error) {
	path, depth := "/", 0
	if parent != nil {
		path, depth = parent.path+"/"+name, parent.depth+1
		if parent.path == "/" {
			path = "/" + name
		}
	}
	h, err := f.header(addr)
	if err != nil {
		return nil, f.locate(path, err)
	}
	o := object{h: h, path: path, name: name}
	switch {
	case h.has(msgSymbolTable) || h.has(msgLinkInfo) || h.has(msgLink) || !h.has(msgDatatype):
		// A group with a second hard link makes the tree a graph, in which walks never end or take exponential time.
		if first, ok := f.paths[addr]; ok && first != path {
			return nil, f.locate(path, fail(ErrRefused, "second hard link to the group %s", first))
		}
		if depth > maxDepth {
			return nil, f.locate(path, fail(ErrRefused, "groups are nested more than %d deep", maxDepth))
		}
		f.paths[addr] = path
		return &Group{object: o, depth: depth}, nil
	case h.has(msgDataspace) || h.has(msgLayout):
		d, err := newDataset(o)
		return d, f.locate(path, err)
	}
	c := h.message(msgDatatype)
	t := f.datatype(c, 0)
	if c.err != nil {
		return nil, f.locate(path, c.err)
	}
	return &NamedType{object: o, typ: t}, nil
}
