package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// registry holds the classes. Registration happens in init functions, reading from any goroutine.
var registry = struct {
	sync.RWMutex
	byName   map[[2]string]*Class // kind, class name or alias
	byString map[[2]string]*Class // kind, bare string (lower-cased for optimizers)
	byType   map[reflect.Type]*Class
	byFunc   map[uintptr]*Class
	names    map[[2]string]bool   // kind, string that is resolved elsewhere
	refused  map[[2]string]string // kind, class name → why there is no such class
	all      []*Class
}{
	byName:   map[[2]string]*Class{},
	byString: map[[2]string]*Class{},
	byType:   map[reflect.Type]*Class{},
	byFunc:   map[uintptr]*Class{},
	names:    map[[2]string]bool{},
	refused:  map[[2]string]string{},
}

// Register makes the struct type T known as a class of the module, under the name of the Go type. Call it from init. It panics on malformed
// tags and on names that are taken: both are mistakes in the program.
func Register[T any](module string, opts ...Option) {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("spec: Register: %v is no struct", t))
	}
	add(&Class{Name: t.Name(), Module: module, Type: t, Fields: Fields(t)}, opts)
}

// RegisterFunc makes a function known under a name in the module; Keras's activations are such functions. fn must be a top-level function
// (not a closure): it is recognised again by its address.
func RegisterFunc(module, name string, fn any, opts ...Option) {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func {
		panic(fmt.Sprintf("spec: RegisterFunc(%q): %T is no function", name, fn))
	}
	add(&Class{Name: name, Module: module, Func: fn}, opts)
}

// RegisterNames declares strings that are valid where an object of the kind is wanted but stand for no one class, such as the metric
// "accuracy", whose class depends on the model's output. ResolveString returns them unchanged.
func RegisterNames(kind string, names ...string) {
	registry.Lock()
	defer registry.Unlock()
	for _, n := range names {
		registry.names[[2]string{kind, n}] = true
	}
}

// Refuse says why there will be no class of that name, though Keras has one: the error for a file or a spec that names it gives the reason, which completes
// "Lambda is not supported: ".
func Refuse(kind, name, reason string) {
	registry.Lock()
	defer registry.Unlock()
	registry.refused[[2]string{kind, name}] = reason
}

// Refused returns the reason given to Refuse.
func Refused(kind, name string) (reason string, ok bool) {
	registry.RLock()
	defer registry.RUnlock()
	reason, ok = registry.refused[[2]string{kind, name}]
	return reason, ok
}

func add(c *Class, opts []Option) {
	c.Kind = kindOf(c.Module)
	for _, o := range opts {
		o(c)
	}
	if c.Kind == "" {
		panic(fmt.Sprintf("spec: %s: module %q implies no kind; use OfKind", c.Name, c.Module))
	}
	if c.RegisteredName == "" && !strings.HasPrefix(c.Module, "keras.") && c.Module != "keras" {
		c.RegisteredName = c.Module + ">" + c.Name
	}
	for old, now := range c.Renamed {
		if _, ok := c.Field(now); !ok {
			panic(fmt.Sprintf("spec: %s: Renamed(%q, %q): there is no such argument", c.Name, old, now))
		}
	}
	registry.Lock()
	defer registry.Unlock()
	claim := func(m map[[2]string]*Class, name string) {
		k := [2]string{c.Kind, name}
		if old := m[k]; old != nil && old != c && !(old.own() && !c.own()) {
			panic(fmt.Sprintf("spec: %s %q is taken by %s", c.Kind, name, old.Name))
		}
		m[k] = c
	}
	// A user's class may have the name of one of another package. It is found by its registered name then.
	free := func(m map[[2]string]*Class, name string) bool {
		old := m[[2]string{c.Kind, name}]
		return !c.own() || old == nil || old.Module == c.Module
	}
	for _, n := range append([]string{c.Name}, c.Aliases...) {
		if free(registry.byName, n) {
			claim(registry.byName, n)
		}
	}
	for _, n := range stringsOf(c) {
		if free(registry.byString, n) {
			claim(registry.byString, n)
		}
	}
	if c.own() {
		claim(registry.byName, c.RegisteredName)
	}
	if c.Type != nil {
		if registry.byType[c.Type] != nil {
			panic(fmt.Sprintf("spec: %v is registered twice", c.Type))
		}
		registry.byType[c.Type] = c
	} else {
		p := reflect.ValueOf(c.Func).Pointer()
		if old := registry.byFunc[p]; old != nil {
			panic(fmt.Sprintf("spec: %s and %s are one function; register a top-level function of its own, or an alias", c.Name, old.Name))
		}
		registry.byFunc[p] = c
	}
	registry.all = append(registry.all, c)
}

// stringsOf returns the bare strings that stand for a class.
func stringsOf(c *Class) []string {
	names := slices.Clone(c.Strings)
	if !c.notByString {
		names = append(append(names, c.Name), c.Aliases...)
		switch c.Kind {
		case "loss", "metric", "initializer", "regularizer", "constraint":
			names = append(names, SnakeCase(c.Name))
		}
	}
	if c.Kind == "optimizer" {
		for i, n := range names {
			names[i] = strings.ToLower(n)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Lookup returns the class of a kind by its exact class name or an alias. Models are found as layers too, since a model can stand where a layer can.
func Lookup(kind, name string) (*Class, bool) {
	registry.RLock()
	defer registry.RUnlock()
	c := registry.byName[[2]string{kind, name}]
	if c == nil && kind == "layer" {
		c = registry.byName[[2]string{"model", name}]
	}
	return c, c != nil
}

// ClassOf returns the class of a value: a registered struct, a pointer to one, or a registered function.
func ClassOf(v any) (*Class, bool) {
	if v == nil {
		return nil, false
	}
	r := reflect.ValueOf(v)
	registry.RLock()
	defer registry.RUnlock()
	if r.Kind() == reflect.Func {
		if r.IsNil() {
			return nil, false
		}
		c := registry.byFunc[r.Pointer()]
		return c, c != nil
	}
	t := r.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	c := registry.byType[t]
	return c, c != nil
}

// Classes returns the classes of a kind, or of all kinds if kind is "", sorted by name and then by module.
func Classes(kind string) []*Class {
	registry.RLock()
	defer registry.RUnlock()
	var cs []*Class
	for _, c := range registry.all {
		if kind == "" || c.Kind == kind {
			cs = append(cs, c)
		}
	}
	slices.SortFunc(cs, func(a, b *Class) int {
		if d := strings.Compare(a.Name, b.Name); d != 0 {
			return d
		}
		return strings.Compare(a.Module, b.Module)
	})
	return cs
}

// Names returns every string and class name that is valid for a kind, sorted; completion and suggestions use it.
func Names(kind string) []string {
	registry.RLock()
	defer registry.RUnlock()
	var names []string
	for k := range registry.byString {
		if k[0] == kind {
			names = append(names, k[1])
		}
	}
	for k := range registry.names {
		if k[0] == kind {
			names = append(names, k[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// resolveClass finds the class that a bare string stands for. A string declared with RegisterNames gives (nil, true).
func resolveClass(kind, s string) (*Class, bool) {
	key := [2]string{kind, s}
	if kind == "optimizer" {
		key[1] = strings.ToLower(s)
	}
	registry.RLock()
	defer registry.RUnlock()
	if registry.names[[2]string{kind, s}] {
		return nil, true
	}
	c := registry.byString[key]
	if c == nil && kind == "layer" {
		c = registry.byString[[2]string{"model", s}]
	}
	return c, c != nil
}

// ResolveString returns what a bare string stands for, by Keras's rules: the class with every argument at its default, the function, or, for names that
// no class owns (RegisterNames), the string itself.
//
//   - optimizers: the class name in any case;
//   - losses, metrics, initializers, regularizers, constraints: the class name, its SnakeCase, and the strings registered with it;
//   - activations: the function name, case-sensitive;
//   - all others: the class name.
//
// The error matches ErrUnknownClass, or ErrMissing if the class has required arguments.
func ResolveString(kind, s string) (any, error) {
	c, ok := resolveClass(kind, s)
	if !ok {
		return nil, unknownClass(Pos{}, kind, s, true)
	}
	switch {
	case c == nil:
		return s, nil
	case c.decode != nil:
		v, errs := c.decode(&Node{Kind: String, Value: s})
		return v, errs.Err()
	}
	return CompleteAny(c.zero())
}
