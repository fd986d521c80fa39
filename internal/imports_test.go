// Package internal_test holds tests of the repository as a whole.
package internal_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/kerasgo/kerasgo/"

var quoted = regexp.MustCompile("`([^`]+)`")

// row is one line of a table of docs/architecture.md: the names in backticks of
// its first two cells, and the text of the second.
type row struct {
	keys, values []string
	text         string
	used         bool
}

// table returns the rows of the table whose heading begins with the given cells.
func table(t *testing.T, heading string) []*row {
	t.Helper()
	src, err := os.ReadFile("../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	names := func(cell string) (list []string) {
		for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
			list = append(list, m[1])
		}
		return list
	}
	var rows []*row
	inside := false
	for line := range strings.Lines(string(src)) {
		line = strings.TrimSpace(line)
		switch cells := strings.Split(line, "|"); {
		case strings.HasPrefix(line, heading):
			inside = true
		case !inside || strings.HasPrefix(line, "|---"):
		case len(cells) < 4:
			inside = false
		default:
			rows = append(rows, &row{keys: names(cells[1]), values: names(cells[2]), text: cells[2]})
		}
	}
	if len(rows) < 5 {
		t.Fatalf("docs/architecture.md: the table %q has %d rows", heading, len(rows))
	}
	return rows
}

// matches reports whether a package is p or, for p = "dir/...", lies in dir.
func matches(p, pkg string) bool {
	dir, deep := strings.CutSuffix(p, "/...")
	return pkg == dir || deep && strings.HasPrefix(pkg, dir+"/")
}

// find returns the row for a package: the one that names it, else the one with
// the longest pattern.
func find(rows []*row, pkg string) *row {
	var best *row
	length := -1
	for _, r := range rows {
		for _, k := range r.keys {
			n := len(k)
			if k == pkg {
				n = 1 << 20
			}
			if matches(k, pkg) && n > length {
				best, length = r, n
			}
		}
	}
	if best != nil {
		best.used = true
	}
	return best
}

// use is one import: file lies in pkg and imports path.
type use struct {
	pkg, file, path string
	test            bool
}

// imports reads all Go files of the module, whatever their build constraints.
func imports(t *testing.T) []use {
	t.Helper()
	var all []use
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if base != ".." && (strings.HasPrefix(base, "_") || strings.HasPrefix(base, ".") || base == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		file := filepath.ToSlash(strings.TrimPrefix(name, ".."+string(filepath.Separator)))
		u := use{pkg: path.Dir(file), file: file, test: strings.HasSuffix(base, "_test.go")}
		all = append(all, u) // the package, should the file import nothing
		for _, i := range f.Imports {
			if u.path, err = strconv.Unquote(i.Path.Value); err != nil {
				return err
			}
			all = append(all, u)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Packages import only what the first table of docs/architecture.md allows; tests
// may import more.
func TestImports(t *testing.T) {
	rows := table(t, "| package | may import")
	seen := map[string]bool{}
	for _, u := range imports(t) {
		r := find(rows, u.pkg)
		if r == nil {
			if !seen[u.pkg] {
				t.Errorf("package %s is not in the table", u.pkg)
			}
			seen[u.pkg] = true
			continue
		}
		ours, ok := strings.CutPrefix(u.path, module)
		if ok && !u.test && !slices.ContainsFunc(r.values, func(p string) bool { return matches(p, ours) }) {
			t.Errorf("%s imports %s; the table allows %s only %s", u.file, ours, u.pkg, strings.TrimSpace(r.text))
		}
	}
	for _, r := range rows {
		if !r.used {
			t.Errorf("the row %v is about no package", r.keys)
		}
	}
}

// Modules of others are imported only where the second table says so.
func TestDependencies(t *testing.T) {
	rows := table(t, "| module | used from")
	for _, u := range imports(t) {
		first, _, _ := strings.Cut(u.path, "/")
		if !strings.Contains(first, ".") || strings.HasPrefix(u.path, module) {
			continue
		}
		if err := allowed(rows, u); err != nil {
			t.Error(err)
		}
	}
}

func allowed(rows []*row, u use) error {
	for _, r := range rows {
		for _, m := range r.keys {
			if u.path != m && !strings.HasPrefix(u.path, m+"/") {
				continue
			}
			if u.test && regexp.MustCompile(`\btests\b`).MatchString(r.text) {
				return nil
			}
			if slices.ContainsFunc(r.values, func(p string) bool { return matches(p, u.pkg) }) {
				return nil
			}
			return fmt.Errorf("%s imports %s; the table allows it in %s", u.file, u.path, strings.TrimSpace(r.text))
		}
	}
	return fmt.Errorf("%s imports %s, which the table does not name", u.file, u.path)
}
