package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// lacking is a Python program that fails when a package of its arguments is not there.
const lacking = "import importlib.util as u, sys; sys.exit(any(u.find_spec(p) is None for p in sys.argv[1:]))"

// findPython returns the Python that has Keras: KERASGO_PYTHON, else one in a virtual environment in the user's cache folder, made at the first call.
func findPython(ctx context.Context, packages []string) (string, error) {
	if python := os.Getenv("KERASGO_PYTHON"); python != "" {
		return python, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	venv := filepath.Join(cache, "kerasgo", "bench-python")
	python := filepath.Join(venv, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(venv, "Scripts", "python.exe")
	}
	if exec.CommandContext(ctx, python, slices.Concat([]string{"-c", lacking}, packages)...).Run() == nil {
		return python, nil
	}
	log.Printf("KERASGO_PYTHON is unset: installing %v into %s", packages, venv)
	for _, args := range [][]string{
		{"python3", "-m", "venv", venv},
		slices.Concat([]string{python, "-m", "pip", "install", "--quiet"}, packages),
	} {
		command := exec.CommandContext(ctx, args[0], args[1:]...)
		command.Stdout, command.Stderr = os.Stderr, os.Stderr
		if err := command.Run(); err != nil {
			return "", fmt.Errorf("%v: %w (set KERASGO_PYTHON to a Python with Keras, or pass -peers=)", args, err)
		}
	}
	return python, nil
}
