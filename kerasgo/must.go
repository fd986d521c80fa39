package keras

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Must returns v, or prints err with the caller's file and line and ends the
// program with exit status 1. It is for main functions and notebooks.
func Must[T any](v T, err error) T {
	if err != nil {
		die(err)
	}
	return v
}

// Check ends the program like Must when err is not nil.
func Check(err error) {
	if err != nil {
		die(err)
	}
}

func die(err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", caller(2), err)
	os.Exit(1)
}

// caller returns "file.go:line" of the function skip levels above the one that
// asks.
func caller(skip int) string {
	_, file, line, ok := runtime.Caller(skip + 1)
	if !ok {
		return "?"
	}
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}
