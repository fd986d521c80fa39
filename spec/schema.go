package spec

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Section is one key at the top of a description, for Schema. Exactly one of Kind, Value and Schema is given.
type Section struct {
	Name   string
	Doc    string
	Kind   string  // the section is one object of this kind (model, data)
	Value  any     // the section has the arguments of this struct with keras tags (fit)
	Schema *Object // anything else
}

// Schema returns the JSON Schema (draft 7) of descriptions with these sections, generated from the registered classes. It is for editors;
// descriptions are checked with Decode, whose messages are better.
//
// "One object of a kind" is a string among the names, or a mapping with one key among the classes. This shape, rather than oneOf over the classes, gives
// one completion per class and one message per mistake.
func Schema(sections []Section) ([]byte, error) {
	g := &schemaWriter{defs: &Object{}, done: map[string]bool{}}
	props := &Object{}
	for _, s := range sections {
		var o *Object
		switch {
		case s.Schema != nil:
			o = s.Schema.Clone()
		case s.Kind != "":
			o = g.ref(s.Kind)
		case s.Value != nil:
			t := reflect.Indirect(reflect.ValueOf(s.Value)).Type()
			if t.Kind() != reflect.Struct {
				return nil, fmt.Errorf("spec: section %s: %v is no struct", s.Name, t)
			}
			o = g.arguments(Fields(t), TypeDoc(t))
			o.Set("type", []any{"object", "null"})
		default:
			return nil, fmt.Errorf("spec: section %s is empty", s.Name)
		}
		if s.Doc != "" {
			o.Set("description", s.Doc)
		}
		props.Set(s.Name, o)
	}
	defs := &Object{}
	for _, k := range slices.Sorted(slices.Values(g.defs.Keys())) {
		v, _ := g.defs.Get(k)
		defs.Set(k, v)
	}
	root := NewObject("$schema", "http://json-schema.org/draft-07/schema#", "title", "kerasgo", "type", "object", "properties", props,
		"additionalProperties", false, "definitions", defs)
	return append(JSON(root, 2), '\n'), nil
}

type schemaWriter struct {
	defs *Object
	done map[string]bool
}

// ref refers to the definition of a kind, which is made when first needed. Other keys beside $ref are ignored in draft 7, hence allOf.
func (g *schemaWriter) ref(kind string) *Object {
	if !g.done[kind] {
		g.done[kind] = true
		g.defs.Set(kind, g.kind(kind))
	}
	return NewObject("allOf", []any{NewObject("$ref", "#/definitions/"+kind)})
}

// kind describes one object of a kind, in any form.
func (g *schemaWriter) kind(kind string) *Object {
	classes := Classes(kind)
	if kind == "layer" {
		classes = append(classes, Classes("model")...)
	}
	var names, classNames []any
	props := &Object{}
	seen := map[string]bool{}
	for _, n := range Names(kind) {
		if c, ok := resolveClass(kind, n); ok && (c == nil || !needsArguments(c)) && (shortcutKinds[kind] || c != nil && c.Name == n) {
			names, seen[n] = append(names, n), true
		}
	}
	for _, c := range classes {
		if c.Func != nil {
			continue
		}
		if !seen[c.key()] && !needsArguments(c) {
			names = append(names, c.key())
		}
		classNames = append(classNames, c.key())
		key := kind + "." + c.key()
		if !g.done[key] {
			g.done[key] = true
			g.defs.Set(key, g.class(c))
		}
		props.Set(c.key(), NewObject("allOf", []any{NewObject("$ref", "#/definitions/"+key)}, "description", summary(c.Doc().Text)))
	}
	short := NewObject("type", "object", "properties", props, "minProperties", 1, "maxProperties", 1, "additionalProperties", false)
	long := NewObject("properties", NewObject(
		"class_name", NewObject("type", "string"), "config", NewObject("type", []any{"object", "array", "string", "null"})))
	object := any(NewObject("if", NewObject("type", "object", "required", []any{"class_name"}), "then", long, "else", short))
	if len(classNames) == 0 {
		object = NewObject("type", "object", "required", []any{"class_name"})
	}
	o := NewObject(
		"if", NewObject("type", []any{"string", "null"}),
		"then", NewObject("enum", append(names, nil)),
		"else", object)
	if kind == "schedule" { // a constant
		o = NewObject("if", NewObject("type", "number"), "then", &Object{}, "else", o)
	}
	return o
}

// needsArguments reports whether the bare name of a class is not enough.
func needsArguments(c *Class) bool {
	return slices.ContainsFunc(c.Fields, func(f Field) bool { return f.Required })
}

// class describes what stands after a class key: a mapping of arguments, the positional argument, or nothing.
func (g *schemaWriter) class(c *Class) *Object {
	args := g.arguments(c.Fields, c.Doc())
	pos, ok := c.Positional()
	others := slices.ContainsFunc(c.Fields, func(f Field) bool { return f.Required && !f.Pos })
	rest := NewObject("type", "null")
	switch {
	case ok && !others:
		rest = g.field(pos, "")
	case needsArguments(c):
		rest = NewObject("type", "object")
	}
	object := args
	if ok && !others && pos.takesObjects() {
		object = NewObject("anyOf", []any{args, g.field(pos, "")})
	}
	return NewObject("if", NewObject("type", "object"), "then", object, "else", rest)
}

// arguments describes a mapping of arguments.
func (g *schemaWriter) arguments(fields []Field, doc Doc) *Object {
	props, required := &Object{}, []any(nil)
	for i := range fields {
		f := &fields[i]
		props.Set(f.Name, g.field(f, doc.Fields[f.Name]))
		if f.Required {
			required = append(required, f.Name)
		}
	}
	o := NewObject("type", "object", "properties", props, "additionalProperties", false)
	if doc.Text != "" {
		o.Set("description", doc.Text)
	}
	if required != nil {
		o.Set("required", required)
	}
	return o
}

// field describes the value of one argument.
func (g *schemaWriter) field(f *Field, doc string) *Object {
	var o *Object
	if f.takesObjects() {
		o = g.objects(f)
	} else {
		o = g.value(f, f.elem(), !f.Required)
	}
	if doc != "" {
		o.Set("description", doc)
	}
	if def := f.schemaDefault(); def != nil {
		o.Set("default", def)
	}
	return o
}

func (f *Field) schemaDefault() any {
	switch {
	case !f.HasDefault || strings.HasPrefix(f.Default, "@"):
		return nil
	case f.takesObjects():
		if f.Default == "" {
			return nil
		}
		return plainDefault(f.Default)
	}
	v, err := plainValue(f.def, f.Shape)
	if err != nil {
		return nil
	}
	return v
}

// objects describes a field with kind=.
func (g *schemaWriter) objects(f *Field) *Object {
	one := g.ref(f.Kinds[0])
	if len(f.Kinds) > 1 {
		refs := make([]any, len(f.Kinds))
		for i, k := range f.Kinds {
			refs[i] = g.ref(k)
		}
		one = NewObject("anyOf", refs)
	}
	isList, isMap := f.Type.Kind() == reflect.Slice, f.Type.Kind() == reflect.Map
	table := NewObject("type", "object", "additionalProperties", one)
	switch {
	case isMap:
		return table
	case isList && f.Many, f.Many:
		nested := NewObject("if", NewObject("type", "array"), "then", NewObject("items", one), "else", NewObject("anyOf", []any{one, table}))
		return NewObject("if", NewObject("type", "array"), "then", NewObject("items", nested), "else", NewObject("anyOf", []any{one, table}))
	case isList:
		return NewObject("if", NewObject("type", "array"), "then", NewObject("items", one), "else", one)
	}
	return one
}

// summary returns the first sentence of a doc comment.
func summary(text string) string {
	text, _, _ = strings.Cut(text, "\n\n")
	text = strings.ReplaceAll(strings.TrimSpace(text), "\n", " ")
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+1]
	}
	return text
}
