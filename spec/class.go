package spec

import (
	"reflect"
	"strings"
)

// Class describes one registered class or function: its names, its Go type and its arguments. It is read-only after registration.
type Class struct {
	Name    string       // class_name in Keras's files, and the key in YAML
	Module  string       // public module, such as "keras.layers"
	Kind    string       // what it is: layer, initializer, loss, …
	Type    reflect.Type // the struct type; nil for a function
	Func    any          // the function; nil for a struct
	Fields  []Field      // the arguments in struct order; empty for a function
	Aliases []string     // further class names it is found under
	Strings []string     // bare strings it is found under, beside those that follow from its name

	// Ignored are configuration keys that Keras writes and this class accepts only where they change nothing: "key" only with null,
	// "key=value" with null or that value.
	Ignored []string

	// Renamed maps argument names of older Keras versions to today's; they are accepted in Keras's JSON form only.
	Renamed map[string]string

	// PythonName is the name of Keras's Python class, after which it names objects, where that is not Name.
	PythonName string
	// FileName is the class_name in Keras's files where older versions do not know Name; empty means Name.
	FileName string

	// RegisteredName is what Keras's files carry as registered_name; empty means null.
	RegisteredName string

	notByString bool
	decode      func(n *Node) (any, Errors)
}

// Field returns the argument with this JSON name.
func (c *Class) Field(name string) (*Field, bool) {
	for i := range c.Fields {
		if c.Fields[i].Name == name {
			return &c.Fields[i], true
		}
	}
	return nil, false
}

// Positional returns the argument that the short form "Class: value" sets.
func (c *Class) Positional() (*Field, bool) {
	for i := range c.Fields {
		if c.Fields[i].Pos {
			return &c.Fields[i], true
		}
	}
	return nil, false
}

// own reports whether the class is a user's, which files call "package>Name".
func (c *Class) own() bool { return strings.Contains(c.RegisteredName, ">") }

// key returns the name that finds the class: its own, or, where another class has that, the registered one.
func (c *Class) key() string {
	if found, ok := Lookup(c.Kind, c.Name); ok && found != c {
		return c.RegisteredName
	}
	return c.Name
}

// zero returns a new struct of the class, or the function itself.
func (c *Class) zero() any {
	if c.Type == nil {
		return c.Func
	}
	return reflect.New(c.Type).Elem().Interface()
}

// An Option refines a registration.
type Option func(*Class)

// Aliases adds class names under which the class is found as well: Aliases("MaxPool2D") on MaxPooling2D. Files are written with the class's own name.
func Aliases(names ...string) Option {
	return func(c *Class) { c.Aliases = append(c.Aliases, names...) }
}

// Strings adds bare strings that stand for the class with its default arguments: Strings("mse", "MSE") on MeanSquaredError. The names
// that Keras derives from the class name (see ResolveString) need not be listed.
func Strings(names ...string) Option {
	return func(c *Class) { c.Strings = append(c.Strings, names...) }
}

// NotByString says that no bare string stands for the class, except those given with Strings. Keras has a few such classes (Lamb).
func NotByString() Option {
	return func(c *Class) { c.notByString = true }
}

// WrittenAs gives the class an older name in files, which all versions of Keras 3 read: WrittenAs("OrthogonalInitializer") on Orthogonal. It is found under
// that name as well.
func WrittenAs(name string) Option {
	return func(c *Class) {
		c.FileName = name
		c.Aliases = append(c.Aliases, name)
	}
}

// InPython says that Keras's Python class has another name than the one it is exported by: InPython("GroupedQueryAttention").
func InPython(name string) Option {
	return func(c *Class) {
		c.PythonName = name
		c.Aliases = append(c.Aliases, name)
	}
}

// Ignored lists configuration keys of Keras that the class does not implement but accepts where they do nothing: "lora_rank" only with
// null, "renorm=false" with null or false; a key may be listed with several values. Any other value is an error that names the key.
func Ignored(keys ...string) Option {
	return func(c *Class) { c.Ignored = append(c.Ignored, keys...) }
}

// Renamed says that files of older Keras versions call an argument by another name: Renamed("alpha", "negative_slope") on LeakyReLU.
func Renamed(old, now string) Option {
	return func(c *Class) {
		if c.Renamed == nil {
			c.Renamed = map[string]string{}
		}
		c.Renamed[old] = now
	}
}

// ClassName gives a class another name than its Go type has.
func ClassName(name string) Option {
	return func(c *Class) { c.Name = name }
}

// DecodeWith makes Decode hand the whole node of an object of this class to a function, instead of filling the struct. It is for classes whose values are more than
// their arguments, such as models: the registered struct then only describes the arguments, for schema, overrides and help. Values
// that are to be written should implement Serializer and ShortForm.
func DecodeWith(decode func(n *Node) (any, Errors)) Option {
	return func(c *Class) { c.decode = decode }
}

// Serializer is implemented by values that are no registered structs but can be written as Keras's JSON, such as models.
type Serializer interface {
	// SerializeKeras returns {module, class_name, config, registered_name}.
	SerializeKeras() (*Object, error)
}

// ShortForm is implemented by values that are no registered structs but have a short form; see Short.
type ShortForm interface {
	ShortKeras(full bool) (any, error)
}

// OfKind sets the kind of a class whose module does not tell it, such as a user's own layer in a module of their own.
func OfKind(kind string) Option {
	return func(c *Class) { c.Kind = kind }
}

// RegisteredName sets registered_name in Keras's files. Classes in modules outside Keras get "module>Name" without it.
func RegisteredName(name string) Option {
	return func(c *Class) { c.RegisteredName = name }
}

// moduleKinds maps Keras's public modules to kinds.
var moduleKinds = map[string]string{
	"keras":                      "model",
	"keras.applications":         "model",
	"keras.layers":               "layer",
	"keras.initializers":         "initializer",
	"keras.regularizers":         "regularizer",
	"keras.constraints":          "constraint",
	"keras.losses":               "loss",
	"keras.metrics":              "metric",
	"keras.optimizers":           "optimizer",
	"keras.optimizers.schedules": "schedule",
	"keras.callbacks":            "callback",
	"keras.activations":          "activation",
	"keras.dtype_policies":       "dtype policy",
	"kerasgo.data":               "data",
}

// kindOf returns the kind that a module implies, or "" for a module it does not know.
func kindOf(module string) string {
	if k, ok := moduleKinds[module]; ok {
		return k
	}
	switch {
	case strings.HasPrefix(module, "keras.src.ops"), strings.HasPrefix(module, "keras.ops"):
		return "op" // ops that occur as nodes of functional models
	case strings.HasPrefix(module, "keras.src.models"):
		return "model"
	case strings.HasPrefix(module, "keras.src.applications"):
		return "layer" // those that the applications are made of
	}
	return ""
}

// plural names a kind in the plural, as the command "kerasgo list" spells it.
func plural(kind string) string {
	switch {
	case kind == "data":
		return kind
	case kind == "loss":
		return "losses"
	case strings.HasSuffix(kind, "y"):
		return kind[:len(kind)-1] + "ies"
	}
	return kind + "s"
}

// article puts "a" or "an" before a noun.
func article(noun string) string {
	if noun == "data" {
		return "a data source"
	}
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
