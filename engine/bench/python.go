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
	if exec.CommandContext(ctx, python, "-c", "import keras").Run() == nil {
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
			return "", fmt.Errorf("%v: %w (set KERASGO_PYTHON to a Python with Keras, or pass -peer=false)", args, err)
		}
	}
	return python, nil
}
