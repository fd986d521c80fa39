package hdf5

import (
	"cmp"
	"math"
	"slices"
)

// LinkKind tells what a link leads to.
type LinkKind uint8

// Only hard links are ever followed.
const (
	HardLink     LinkKind = iota
	SoftLink              // a path inside the file
	ExternalLink          // a path inside another file
	UserLink              // defined by an application
)

// String returns "hard link" and so on.
func (k LinkKind) String() string {
	return [...]string{"hard link", "soft link", "external link", "user-defined link"}[min(k, UserLink)]
}

// Link is a name in a group.
type Link struct {
	Name   string
	Kind   LinkKind
	Target string // of soft and external links, for messages only
	addr   uint64
	order  uint64
}

// links lists the links of a group in name order, or in creation order if the group tracks it (h5py's order).
func (h *header) links() (links []Link, err error) {
	if c := h.message(msgSymbolTable); c != nil {
		tree, heap := c.address(), c.address()
		if c.err != nil {
			return nil, c.err
		}
		links, err = h.f.symbols(tree, heap)
	} else {
		links, err = h.linkMessages()
	}
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool, len(links))
	for _, l := range links {
		if names[l.Name] {
			return nil, malformed("two links have the name %q", l.Name)
		}
		names[l.Name] = true
	}
	return links, nil
}

// linkMessages lists a new-style group: link messages in the header, or dense storage.
func (h *header) linkMessages() (links []Link, err error) {
	for _, m := range h.messages {
		if m.kind == msgLink {
			l, err := h.f.link(m.data)
			if err != nil {
				return nil, err
			}
			links = append(links, l)
		}
	}
	tracked := false
	if c := h.message(msgLinkInfo); c != nil {
		c.version("link info", 0)
		if tracked = c.u8()&1 != 0; tracked {
			c.take(8)
		}
		heap, tree := c.address(), c.address()
		if c.err != nil {
			return nil, c.err
		}
		if heap != undefined {
			fh, err := h.f.fractalHeap(heap)
			if err != nil {
				return nil, err
			}
			err = h.f.btree2(tree, recordLinkName, func(rec []byte) error {
				if len(rec) < 4+fh.idLen { // hash of the name, heap ID
					return malformed("link record of %d bytes", len(rec))
				}
				d, err := fh.object(rec[4 : 4+fh.idLen])
				if err != nil {
					return err
				}
				l, err := h.f.link(d)
				links = append(links, l)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(links, func(a, b Link) int {
		if tracked && a.order != b.order {
			return cmp.Compare(a.order, b.order)
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return links, nil
}

func (f *File) link(d []byte) (l Link, err error) {
	c := &cursor{b: d, f: f}
	if v := c.u8(); v != 1 {
		c.fail("link message version %d", v)
	}
	flags, kind := c.u8(), 0
	if flags&8 != 0 {
		kind = c.u8()
	}
	if flags&4 != 0 {
		l.order = c.uint(8)
	}
	if flags&16 != 0 {
		c.take(1) // character set
	}
	n := c.uint(1 << (flags & 3))
	l.Name = string(c.take(int(min(n, math.MaxInt32))))
	switch {
	case kind == 0:
		l.addr = c.address()
	case kind == 1:
		l.Kind, l.Target = SoftLink, string(c.take(c.u16()))
	case kind == 64:
		l.Kind = ExternalLink
		if b := c.take(c.u16()); len(b) > 1 { // flags, file name, NUL, path, NUL
			file := cstring(b[1:])
			l.Target = file
			if rest := b[1+len(file):]; len(rest) > 1 {
				l.Target += ":" + cstring(rest[1:])
			}
		}
	default:
		l.Kind = UserLink
	}
	return l, c.err
}
