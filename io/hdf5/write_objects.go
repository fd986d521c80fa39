package hdf5

import (
	"maps"
	"slices"
	"strings"
)

// Half the entries of a symbol table node and of a B-tree node, and the size of the latter; libhdf5 reads whole nodes.
const (
	leafK, nodeK = 4, 16
	treeNodeSize = 24 + 2*nodeK*8 + (2*nodeK+1)*8
	symbolSize   = 40
)

// cacheGroup is the cache type of a symbol table entry that repeats its group's addresses.
const cacheGroup = 1

// entry is where an object was put; tree and heap are set for groups.
type entry struct {
	header, tree, heap uint64
	isGroup            bool
}

// keyed is a node with the heap offset of its last name.
type keyed struct{ key, addr uint64 }

// group lays out a group after everything below it.
func (l *layouter) group(g *GroupPlan, path string) (entry, error) {
	if g.err != nil {
		return entry{}, within(path, g.err)
	}
	names := slices.Sorted(maps.Keys(g.children))
	heap := make([]byte, 8) // the empty name at offset 0
	var level []keyed
	var node []byte
	for i, name := range names {
		sub := strings.TrimSuffix(path, "/") + "/" + name
		var e entry
		var err error
		switch c := g.children[name].(type) {
		case *GroupPlan:
			e, err = l.group(c, sub)
		case *DatasetPlan:
			e, err = l.dataset(c)
		}
		if err != nil {
			return entry{}, within(sub, err)
		}
		off := uint64(len(heap))
		heap = pad8(append(append(heap, name...), 0))
		node = put64(put64(node, off), e.header)
		if e.isGroup {
			node = put64(put64(put32(put32(node, cacheGroup), 0), e.tree), e.heap)
		} else {
			node = append(node, make([]byte, 24)...)
		}
		if n := len(node) / symbolSize; n == 2*leafK || i == len(names)-1 {
			b := append(put16([]byte("SNOD\x01\x00"), n), node...)
			b = append(b, make([]byte, 8+2*leafK*symbolSize-len(b))...)
			level = append(level, keyed{off, l.put(b)})
			node = nil
		}
	}
	e := entry{isGroup: true, tree: l.tree(level)}
	data := l.put(heap)
	const noFreeList = 1
	e.heap = l.put(put64(put64(put64([]byte("HEAP\x00\x00\x00\x00"), uint64(len(heap))), noFreeList), data))
	var m messageList
	if err := m.add(msgSymbolTable, 0, put64(put64(nil, e.tree), e.heap)); err != nil {
		return e, err
	}
	if err := l.attributes(&m, g.attributes, path); err != nil {
		return e, err
	}
	e.header = l.put(m.header())
	return e, nil
}

// tree builds a version 1 B-tree over symbol nodes from the bottom up and returns the root's address. Key 0 of the first node is the empty
// name, key i+1 the last name of child i.
func (l *layouter) tree(level []keyed) uint64 {
	const fan = 2 * nodeK
	for depth := 0; ; depth++ {
		var up []keyed
		nodes := max(1, (len(level)+fan-1)/fan)
		base := l.alloc(0)
		for i := range nodes {
			children := level[i*fan : min(len(level), (i+1)*fan)]
			left, right, first, last := uint64(undefined), uint64(undefined), uint64(0), uint64(0)
			if i > 0 {
				left, first = base+uint64(i-1)*treeNodeSize, level[i*fan-1].key
			}
			if i < nodes-1 {
				right = base + uint64(i+1)*treeNodeSize
			}
			b := put16([]byte{'T', 'R', 'E', 'E', btreeGroups, byte(depth)}, len(children))
			b = put64(put64(put64(b, left), right), first)
			for _, c := range children {
				b = put64(put64(b, c.addr), c.key)
				last = c.key
			}
			up = append(up, keyed{last, l.put(append(b, make([]byte, treeNodeSize-len(b))...))})
		}
		if len(up) == 1 {
			return up[0].addr
		}
		level = up
	}
}

func (l *layouter) dataset(d *DatasetPlan) (entry, error) {
	size, err := d.size()
	if err == nil {
		err = d.Type.writable()
	}
	if err != nil {
		return entry{}, err
	}
	data := d.Data
	if d.Strings != nil {
		if data, err = l.strings(d.Strings); err != nil {
			return entry{}, err
		}
	}
	addr := uint64(undefined)
	if size > 0 {
		addr = l.alloc(size)
		l.blocks = append(l.blocks, block{addr: addr, size: size, b: data, source: d.Source})
	}
	var m messageList
	for _, x := range []struct {
		kind, flags int
		data        []byte
	}{
		{msgDataspace, 0, encodeDataspace(d.Shape)},
		{msgDatatype, 1, encodeType(d.Type)},
		{msgFill, 1, []byte{2, 2, 2, 1, 0, 0, 0, 0}}, // late allocation, written if set, default value
		{msgLayout, 0, put64(put64([]byte{3, layoutContiguous}, addr), size)},
	} {
		if err := m.add(x.kind, x.flags, x.data); err != nil {
			return entry{}, err
		}
	}
	if err := l.attributes(&m, d.attributes, ""); err != nil {
		return entry{}, err
	}
	return entry{header: l.put(m.header())}, nil
}

// attributes adds attribute messages of version 1.
func (l *layouter) attributes(m *messageList, as []namedValue, path string) error {
	for _, a := range as {
		err := l.attribute(m, a)
		if err != nil {
			return within(path, fail(ErrPlan, "attribute %q: %s", a.name, reason(err)))
		}
	}
	return nil
}

func reason(err error) string { return strings.TrimPrefix(err.Error(), "hdf5: ") }

func (l *layouter) attribute(m *messageList, a namedValue) error {
	if a.name == "" || len(a.name) > 32<<10 || strings.ContainsRune(a.name, 0) {
		return fail(ErrPlan, "no valid name")
	}
	if a.typ == nil {
		return fail(ErrPlan, "no value")
	}
	data := a.data
	if a.strings != nil {
		var err error
		if data, err = l.strings(a.strings); err != nil {
			return err
		}
	}
	typ, space := encodeType(a.typ), encodeDataspace(a.shape)
	b := put16(put16(put16([]byte{1, 0}, len(a.name)+1), len(typ)), len(space))
	b = pad8(append(append(b, a.name...), 0))
	b = pad8(append(b, typ...))
	return m.add(msgAttribute, 0, append(append(b, space...), data...))
}
