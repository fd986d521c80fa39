//go:build !linux

package run

import "time"

// thread returns 0: elsewhere than on Linux nothing is known of threads.
func thread() int64 { return 0 }

func stopped(int64) bool { return false }

func changePlaces(int64) bool { return false }

func doze(d time.Duration) { time.Sleep(d) }
