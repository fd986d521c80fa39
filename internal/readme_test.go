package internal_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fenced returns the only block of the README in the given language.
func fenced(t *testing.T, language string) string {
	t.Helper()
	blocks := regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(read(t, "README.md"), -1)
	if len(blocks) != 1 {
		t.Fatalf("README.md has %d blocks of %s, want 1", len(blocks), language)
	}
	return blocks[0][1]
}

// The programs in the README are those of examples, without their first comment.
func TestReadmeShowsTheExamples(t *testing.T) {
	for _, c := range []struct{ language, file, first string }{
		{"go", "examples/mnist_cnn/main.go", "package main"},
		{"yaml", "examples/mnist_cnn.yaml", "kerasgo: 1"},
	} {
		text := read(t, c.file)
		i := strings.Index(text, c.first)
		if i < 0 {
			t.Fatalf("%s has no %q", c.file, c.first)
		}
		if d := cmp.Diff(text[i:], fenced(t, c.language)); d != "" {
			t.Errorf("README.md (-%s +README):\n%s", c.file, d)
		}
	}
}

// The Python and the Go notebook have the same lines: the same layers with the
// same arguments in the same order.
func TestReadmeNotebooksAgree(t *testing.T) {
	add := regexp.MustCompile(`(?m)model\.[aA]dd\((?:layers\.)?(\w+)`)
	classes := func(language string) (list []string) {
		for _, m := range add.FindAllStringSubmatch(fenced(t, language), -1) {
			list = append(list, m[1])
		}
		return list
	}
	if d := cmp.Diff(classes("python"), classes("go")); d != "" || len(classes("go")) < 5 {
		t.Errorf("(-python +go):\n%s", d)
	}
}

// Links between the pages lead somewhere.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	code := regexp.MustCompile("(?s)```.*?```")
	count := 0
	check := func(page string) {
		text := code.ReplaceAllString(read(t, page), "")
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			count++
			if _, err := os.Stat(filepath.Join("..", filepath.Dir(page), target)); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", page, m[1])
			}
		}
	}
	check("README.md")
	err := fs.WalkDir(os.DirFS(".."), "docs", func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".md") {
			check(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 10 {
		t.Errorf("%d links found", count)
	}
}
