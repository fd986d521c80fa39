package run

import (
	"bytes"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// thread returns the system's number of the calling thread.
func thread() int64 { return int64(syscall.Gettid()) }

// stopped reports whether a thread of this process does not run: its processor time
// stands still for 10 µs.
func stopped(thread int64) bool {
	before, ok := processorTime(thread)
	for start := time.Now(); time.Since(start) < 10*time.Microsecond; {
	}
	after, still := processorTime(thread)
	return ok && still && before == after
}

// processorTime returns for how many nanoseconds a thread has run.
func processorTime(thread int64) (int64, bool) {
	const perThread, scheduler = 4, 2 // bits of a clock's number, as pthread_getcpuclockid sets them
	var ts syscall.Timespec
	_, _, e := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, uintptr(^thread<<3|perThread|scheduler), uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano(), e == 0
}

// leave is for how long a thread leaves its processor to another.
const leave = 2 * time.Millisecond

// changePlaces moves a thread to the processor of the calling thread, and the calling
// thread to the one of the other. If both have the same one, the caller takes another,
// or leaves it for a while if it may use no other. Neither stays bound. Only for who
// holds moving.
func changePlaces(with int64) bool {
	me := thread()
	mine, ok := processor(me)
	its, known := processor(with)
	if !ok || !known || mine >= maxProcessors || its >= maxProcessors {
		return false
	}
	if mine != its {
		return move(with, processors{}.and(mine)) && move(me, processors{}.and(its))
	}
	var others processors
	if affinity(syscall.SYS_SCHED_GETAFFINITY, me, &others) {
		others[mine/64] &^= 1 << (mine % 64)
		if move(me, others) {
			return true
		}
	}
	doze(leave)
	return true
}

// processor returns the number of the processor on which a thread runs or ran last:
// field 39 of its stat file, see proc_pid_stat(5). It allocates nothing.
func processor(thread int64) (int, bool) {
	const atWorkingDirectory = -100
	var name [64]byte
	path := append(strconv.AppendInt(append(name[:0], "/proc/self/task/"...), thread, 10), "/stat\x00"...)
	from := atWorkingDirectory
	fd, _, e := syscall.RawSyscall6(syscall.SYS_OPENAT, uintptr(from), uintptr(unsafe.Pointer(&path[0])), syscall.O_RDONLY|syscall.O_CLOEXEC, 0, 0, 0)
	if e != 0 {
		return 0, false
	}
	var memory [1024]byte
	n, _, e := syscall.RawSyscall(syscall.SYS_READ, fd, uintptr(unsafe.Pointer(&memory)), unsafe.Sizeof(memory))
	syscall.RawSyscall(syscall.SYS_CLOSE, fd, 0, 0)
	if e != 0 {
		return 0, false
	}
	text := memory[:n]
	text = text[bytes.LastIndexByte(text, ')')+1:] // behind field 2, a name
	for range 39 - 2 {
		text = text[bytes.IndexByte(text, ' ')+1:]
	}
	number := 0
	for i, c := range text {
		if c < '0' || c > '9' {
			return number, i > 0
		}
		number = 10*number + int(c-'0')
	}
	return 0, false
}

// maxProcessors is how many processors a set can hold.
const maxProcessors = 1024

// processors is a set of processors, as the system calls take it.
type processors [maxProcessors / 64]uint64

// and returns the set with one more.
func (s processors) and(n int) processors {
	s[n/64] |= 1 << (n % 64)
	return s
}

// move brings a thread to one of some processors, without binding it there.
func move(thread int64, to processors) bool {
	var allowed processors
	if !affinity(syscall.SYS_SCHED_GETAFFINITY, thread, &allowed) {
		return false
	}
	moved := affinity(syscall.SYS_SCHED_SETAFFINITY, thread, &to)
	affinity(syscall.SYS_SCHED_SETAFFINITY, thread, &allowed)
	return moved
}

func affinity(call uintptr, thread int64, s *processors) bool {
	_, _, e := syscall.RawSyscall(call, uintptr(thread), unsafe.Sizeof(*s), uintptr(unsafe.Pointer(s)))
	return e == 0
}

// doze sleeps; time.Sleep takes a millisecond or more.
func doze(d time.Duration) {
	ts := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&ts, nil) // shorter does, too
}
