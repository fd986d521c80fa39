package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync/atomic"
)

// busy computes nothing until its input ends.
func busy(in io.Reader) error {
	var ended atomic.Pointer[error]
	go func() {
		_, err := io.Copy(io.Discard, in)
		ended.Store(&err)
	}()
	for rounds := 0; ; rounds++ {
		if err := ended.Load(); err != nil {
			return *err
		}
	}
}

// startBusy starts processes that keep as many processors busy, and returns what ends them.
func startBusy(n int) (end func(), err error) {
	var all []func()
	end = func() {
		for _, f := range all {
			f()
		}
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for range n {
		c := exec.Command(self, "busy")
		c.Env = append(os.Environ(), "GOMAXPROCS=2") // one for the loop
		in, err := c.StdinPipe()
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			end()
			return nil, fmt.Errorf("a busy process: %w", err)
		}
		all = append(all, func() {
			_ = in.Close() // which ends it
			_ = c.Wait()
		})
	}
	return end, nil
}
