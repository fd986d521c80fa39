package spec

import (
	"fmt"
	"slices"
	"strings"
)

// longKeys are the keys of Keras's object form.
var longKeys = []string{"class_name", "config", "module", "registered_name", "build_config", "compile_config", "shared_object_id", "name", "inbound_nodes",
	"keras_version", "backend"}

// long reads Keras's JSON form.
func (d *decoder) long(n *Node, f *Field) any {
	for _, p := range n.Pairs {
		if !slices.Contains(longKeys, p.Key.Value) {
			e := d.fail(p.Key.Pos, CodeUnknownArgument, "an object in Keras's form has no key %q", p.Key.Value)
			if s := Suggest(p.Key.Value, longKeys); s != "" {
				e.help("did you mean %q?", s)
			}
		}
	}
	name, cfg := n.Get("class_name"), n.Get("config")
	if name.Kind != String {
		d.fail(name.Pos, CodeType, "class_name wants a string, got %s", name.shown())
		return nil
	}
	switch name.Value {
	case "function": // a built-in function
		if cfg == nil || cfg.Kind != String {
			d.fail(name.Pos, CodeType, "a function needs its name as config")
			return nil
		}
		return d.byString(cfg, f)
	case "__lambda__":
		d.pythonCode(name, f)
		return nil
	}
	c := d.longClass(n, name, f)
	if c != nil && !d.genuine(c, n, name) {
		return nil
	}
	switch {
	case c == nil:
		d.unknown(name, f, false)
		d.howToRegister(n, name, f)
		return nil
	case c.Func != nil:
		return c.Func
	case c.decode != nil:
		return d.own(c, n)
	case cfg == nil || cfg.Kind == Null:
		return d.class(c, name, nil, true)
	case cfg.Kind == Mapping:
		return d.class(c, name, cfg.Pairs, true)
	}
	if pos, ok := c.Positional(); ok && cfg.Kind == Sequence { // Keras 1 wrote the layers of a Sequential this way
		return d.class(c, name, []Pair{{&Node{Kind: String, Value: pos.Name, Pos: cfg.Pos}, cfg}}, true)
	}
	d.fail(cfg.Pos, CodeType, "config wants a mapping, got %s", cfg.shown())
	return nil
}

// pythonCode refuses a Python lambda.
func (d *decoder) pythonCode(n *Node, f *Field) {
	if f.takes("function") {
		d.fail(n.Pos, CodeUnsupported, "a Lambda layer holds Python code, which is never run").
			help("give Python's Lambda a function registered with register_keras_serializable, and register one of that name here: spec.RegisterFunc(package, name, f, spec.OfKind(\"function\"))")
		return
	}
	d.fail(n.Pos, CodeUnsupported, "a lambda holds Python code, which is never run")
}

// howToRegister adds to the error about a class that is not known how to make it known, if the file has it as a user's own.
func (d *decoder) howToRegister(n, name *Node, f *Field) {
	e := d.errs[len(d.errs)-1]
	r := n.Get("registered_name")
	if r == nil || r.Kind != String || e.Code != CodeUnknownClass {
		return
	}
	pkg, class, own := strings.Cut(r.Value, ">")
	if own && pkg != "" && class != "" {
		e.Msg += fmt.Sprintf(", registered in Python as %q", r.Value)
		e.Help = []string{fmt.Sprintf("write the struct %s in Go and register it: spec.Register[%s](%q, spec.OfKind(%q))", class, class, pkg, f.Kinds[0])}
	}
}

// genuine refuses an object that takes the class name of one of Keras's own, or of a registered one, but says that it comes from elsewhere.
func (d *decoder) genuine(c *Class, n, name *Node) bool {
	if r := n.Get("registered_name"); r != nil && r.Kind == String && strings.Contains(r.Value, ">") && c.RegisteredName != "" && r.Value != c.RegisteredName && r.Value != c.Name {
		d.fail(r.Pos, CodeUnknownClass, "registered_name %q is not that of %s, which is %q", r.Value, c.Name, c.RegisteredName)
		return false
	}
	if !strings.HasPrefix(c.Module, "keras.") && c.Module != "keras" {
		return true
	}
	if m := n.Get("module"); m != nil && m.Kind != Null && c.Func == nil {
		if root, _, _ := strings.Cut(m.Value, "."); !slices.Contains([]string{"keras", "tf_keras", "keras_core", "tensorflow"}, root) {
			d.fail(m.Pos, CodeUnknownClass, "%s of module %q is not Keras's and not registered", name.Value, m.Value)
			return false
		}
	}
	if r := n.Get("registered_name"); r != nil && r.Kind == String && r.Value != c.Name && r.Value != name.Value && r.Value != c.RegisteredName {
		d.fail(r.Pos, CodeUnknownClass, "registered_name %q is not that of Keras's %s", r.Value, c.Name)
		return false
	}
	return true
}

// longClass finds the class of an object in Keras's form. Internal module paths differ between versions and backends, so the class name decides;
// only ops share class names with layers.
func (d *decoder) longClass(n, name *Node, f *Field) *Class {
	names := []string{name.Value}
	if r := n.Get("registered_name"); r != nil && r.Kind == String && strings.Contains(r.Value, ">") {
		names = []string{r.Value, name.Value}
	}
	if _, base, ok := strings.Cut(name.Value, ">"); ok {
		names = append(names, base)
	}
	for _, s := range names {
		if m := n.Get("module"); m != nil && kindOf(m.Value) == "op" && f.takes("layer") {
			if c, ok := Lookup("op", s); ok {
				return c
			}
			return nil
		}
		for _, k := range f.Kinds {
			if c, ok := Lookup(k, s); ok {
				return c
			}
		}
	}
	return nil
}
