// Docgen copies the doc comments of registered classes from their sources into a Go file that hands them to spec.RegisterDocs, because a
// binary has no comments and help, schema and documentation need them.
//
//	go run ./spec/docgen -o spec/docs/zz_docs.go -package docs kerasgo/...
//
// A folder that ends in /... stands for itself and all folders with Go files below it, except testdata.
//
// It takes every registered struct and every exported one with keras tags, by package and type name, and, in packages that call spec.RegisterFunc,
// every exported function. With -check it writes nothing and fails if the file is not current.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

func main() {
	out := flag.String("o", "zz_docs.go", "file to write")
	pkg := flag.String("package", "docs", "package name of the file")
	check := flag.Bool("check", false, "only compare the file")
	flag.Parse()
	if err := run(*out, *pkg, flag.Args(), *check); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(out, pkg string, dirs []string, check bool) error {
	dirs, err := expand(dirs)
	if err != nil {
		return err
	}
	entries := map[string]entry{}
	for _, dir := range dirs {
		if err := collect(dir, entries); err != nil {
			return err
		}
	}
	text, err := render(pkg, entries)
	if err != nil {
		return err
	}
	if !check {
		return os.WriteFile(out, text, 0o644)
	}
	old, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, text) {
		return fmt.Errorf("%s is not current; run go generate", out)
	}
	return nil
}

// expand replaces folder/... by the folders with Go files in and below it.
func expand(dirs []string) ([]string, error) {
	var all []string
	for _, dir := range dirs {
		root, recursive := strings.CutSuffix(dir, "/...")
		if !recursive {
			all = append(all, dir)
			continue
		}
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if d.Name() == "testdata" {
				return filepath.SkipDir
			}
			files, err := filepath.Glob(filepath.Join(path, "*.go"))
			if slices.ContainsFunc(files, func(f string) bool { return !strings.HasSuffix(f, "_test.go") }) {
				all = append(all, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// entry is what one class has to say.
type entry struct {
	text   string
	fields [][2]string // JSON name, comment
}

// collect reads the package in one folder.
func collect(dir string, entries map[string]entry) error {
	fset := token.NewFileSet()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	var files []*ast.File
	functions := false
	registered := map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, name, src, parser.ParseComments)
		if err != nil {
			return err
		}
		functions = functions || bytes.Contains(src, []byte("spec.RegisterFunc("))
		files = append(files, f)
		ast.Inspect(f, func(n ast.Node) bool { // spec.Register[T]
			if ix, ok := n.(*ast.IndexExpr); ok {
				fun, ok1 := ix.X.(*ast.SelectorExpr)
				arg, ok2 := ix.Index.(*ast.Ident)
				if ok1 && ok2 && fun.Sel.Name == "Register" {
					registered[arg.Name] = true
				}
			}
			return true
		})
	}
	if len(files) == 0 {
		return fmt.Errorf("%s: %w", dir, fs.ErrNotExist)
	}
	abs, err := filepath.Abs(dir) // a function's symbol has the folder's name, a type's the package's
	if err != nil {
		return err
	}
	p, err := doc.NewFromFiles(fset, files, dir, doc.AllDecls)
	if err != nil {
		return err
	}
	declared := map[string]ast.Expr{}
	for _, t := range p.Types {
		if s, ok := t.Decl.Specs[0].(*ast.TypeSpec); ok {
			declared[t.Name] = s.Type
		}
	}
	for _, t := range p.Types {
		st, ok := structOf(t.Name, declared)
		if !ok || !ast.IsExported(t.Name) && !registered[t.Name] { // a class with a decoder of its own may keep its arguments to itself
			continue
		}
		if fields, tagged := comments(st); tagged || registered[t.Name] {
			entries[p.Name+"."+t.Name] = entry{strings.TrimSpace(t.Doc), fields}
		}
		if functions { // go/doc files functions under the type they return
			for _, f := range t.Funcs {
				addFunc(filepath.Base(abs), f, entries)
			}
		}
	}
	if functions {
		for _, f := range p.Funcs {
			addFunc(filepath.Base(abs), f, entries)
		}
	}
	return nil
}

// structOf returns a struct type, also one that is declared by the name of another: type A B.
func structOf(name string, declared map[string]ast.Expr) (*ast.StructType, bool) {
	for range declared { // no longer than there are types
		switch e := declared[name].(type) {
		case *ast.StructType:
			return e, true
		case *ast.Ident:
			name = e.Name
		}
	}
	return nil, false
}

func addFunc(pkg string, f *doc.Func, entries map[string]entry) {
	if ast.IsExported(f.Name) && f.Doc != "" {
		entries[pkg+"."+f.Name] = entry{text: strings.TrimSpace(f.Doc)}
	}
}

// comments returns the comments of the tagged fields, those above and those behind.
func comments(st *ast.StructType) (fields [][2]string, tagged bool) {
	for _, f := range st.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			continue
		}
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("keras"), ",")
		if name == "" || name == "-" {
			continue
		}
		tagged = true
		text := strings.TrimSpace(strings.TrimSpace(f.Doc.Text()) + "\n" + strings.TrimSpace(f.Comment.Text()))
		if text != "" {
			fields = append(fields, [2]string{name, text})
		}
	}
	return fields, tagged
}

func render(pkg string, entries map[string]entry) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated by spec/docgen. DO NOT EDIT.\n\npackage %s\n\nimport \"github.com/kerasgo/kerasgo/spec\"\n\n", pkg)
	b.WriteString("func init() {\n\tspec.RegisterDocs(map[string]spec.Doc{\n")
	keys := make([]string, 0, len(entries))
	for k := range entries {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		e := entries[k]
		fmt.Fprintf(&b, "\t\t%q: {\n\t\t\tText: %q,\n", k, e.text)
		if len(e.fields) > 0 {
			b.WriteString("\t\t\tFields: map[string]string{\n")
			for _, f := range e.fields {
				fmt.Fprintf(&b, "\t\t\t\t%q: %q,\n", f[0], f[1])
			}
			b.WriteString("\t\t\t},\n")
		}
		b.WriteString("\t\t},\n")
	}
	b.WriteString("\t})\n}\n")
	return format.Source(b.Bytes())
}
