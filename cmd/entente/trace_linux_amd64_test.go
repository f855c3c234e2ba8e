package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// calls are the system calls that change files, each with the number of the argument
// that is the file descriptor, -1 for none. Calls of write count only if they write
// into the graph's folder.
var calls = map[uint64]struct {
	name string
	fd   int
}{
	syscall.SYS_WRITE: {"write", 0}, syscall.SYS_PWRITE64: {"pwrite64", 0}, syscall.SYS_FSYNC: {"fsync", 0},
	syscall.SYS_FDATASYNC: {"fdatasync", 0}, syscall.SYS_FTRUNCATE: {"ftruncate", 0}, syscall.SYS_RENAMEAT: {"renameat", -1},
	316: {"renameat2", -1}, syscall.SYS_LINKAT: {"linkat", -1}, syscall.SYS_UNLINKAT: {"unlinkat", -1},
	syscall.SYS_FCHMOD: {"fchmod", 0}, syscall.SYS_OPENAT: {"openat", -1}, syscall.SYS_MKDIRAT: {"mkdirat", -1},
}

// fault is a disturbance of one system call of a process: it is killed, or fails with an
// error. Calls are numbered from 0.
type fault struct {
	at    int
	kill  bool
	errno syscall.Errno
	after bool // disturb all later calls too
}

// traced is the result of a traced process.
type traced struct {
	calls  []string // the numbered calls
	err    error
	output string
}

// tracer runs one process with all its threads. All its methods must be called on the
// same OS thread.
type tracer struct {
	dir    string
	fault  fault
	pid    int
	calls  []string
	failed map[int]bool // threads that are in a call that fails
	known  map[int]bool
}

// runTraced runs a command under ptrace.
func runTraced(t *testing.T, dir string, f fault, command string, args ...string) traced {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd := exec.Command(command, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true, Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	tr := &tracer{dir: dir, fault: f, pid: cmd.Process.Pid, failed: map[int]bool{}, known: map[int]bool{}}
	limit := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	status, err := tr.follow()
	if !limit.Stop() {
		t.Fatalf("%v hangs after %v", args, tr.calls)
	}
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the process is gone: this ends the copying of its output
	result := traced{calls: tr.calls, output: out.String()}
	if status.Signaled() || status.ExitStatus() != 0 {
		result.err = fmt.Errorf("exit %d, signal %v", status.ExitStatus(), status.Signal())
	}
	return result
}

const (
	waitOurs      = 0x40000000 | 0x20000000 // __WALL, __WNOTHREAD: what this thread traces
	optionsWanted = 1 | 1<<3 | 1<<20        // TRACESYSGOOD, TRACECLONE, EXITKILL
	callStop      = syscall.SIGTRAP | 0x80
)

// follow lets the process run from stop to stop.
func (tr *tracer) follow() (end syscall.WaitStatus, err error) {
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(tr.pid, &ws, waitOurs, nil); err != nil {
		return ws, err
	}
	if err := syscall.PtraceSetOptions(tr.pid, optionsWanted); err != nil {
		return ws, err
	}
	tr.known[tr.pid] = true
	for tid, signal := tr.pid, 0; ; {
		if err := syscall.PtraceSyscall(tid, signal); err != nil && err != syscall.ESRCH {
			return ws, err
		}
		for {
			// Its process group: a process that a parallel test started on this thread is
			// not to be waited for here.
			if tid, err = syscall.Wait4(-tr.pid, &ws, waitOurs, nil); err == syscall.EINTR {
				continue
			} else if err != nil {
				return ws, err
			}
			if !ws.Exited() && !ws.Signaled() {
				break
			}
			if tid == tr.pid {
				return ws, nil
			}
		}
		signal = tr.stopped(tid, ws)
	}
}

// stopped looks at a stop and returns the signal to go on with.
func (tr *tracer) stopped(tid int, ws syscall.WaitStatus) int {
	isNew := !tr.known[tid]
	tr.known[tid] = true
	switch signal := ws.StopSignal(); {
	case signal == callStop:
		tr.call(tid)
		return 0
	case signal == syscall.SIGTRAP, signal == syscall.SIGSTOP && isNew:
		return 0
	default:
		return int(signal)
	}
}

// callInfo is the structure that PTRACE_GET_SYSCALL_INFO fills.
type callInfo struct {
	op   uint8 // 1 is the entry, 2 the exit
	_    [3]byte
	_    uint32
	_    [2]uint64
	nr   uint64
	args [6]uint64
}

func (tr *tracer) call(tid int) {
	var info callInfo
	if _, _, e := syscall.Syscall6(syscall.SYS_PTRACE, 0x420e, uintptr(tid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0); e != 0 {
		return
	}
	var regs syscall.PtraceRegs
	switch {
	case info.op == 1 && tr.counts(&info):
		n := len(tr.calls) - 1
		if n != tr.fault.at && (n < tr.fault.at || !tr.fault.after) {
			return
		}
		if tr.fault.kill {
			_ = syscall.Kill(tr.pid, syscall.SIGKILL)
			return
		}
		if syscall.PtraceGetRegs(tid, &regs) == nil {
			regs.Orig_rax = ^uint64(0) // no call at all
			tr.failed[tid] = syscall.PtraceSetRegs(tid, &regs) == nil
		}
	case info.op == 2 && tr.failed[tid]:
		delete(tr.failed, tid)
		if syscall.PtraceGetRegs(tid, &regs) == nil {
			regs.Rax = uint64(-int64(tr.fault.errno))
			_ = syscall.PtraceSetRegs(tid, &regs)
		}
	}
}

// counts says whether a call is one of calls, and keeps its name.
func (tr *tracer) counts(info *callInfo) bool {
	c, ok := calls[info.nr]
	if !ok || info.nr == syscall.SYS_OPENAT && info.args[2]&syscall.O_CREAT == 0 {
		return false
	}
	name := c.name
	if c.fd >= 0 {
		path, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", tr.pid, info.args[c.fd]))
		if err != nil || !strings.HasPrefix(path, tr.dir) {
			return false
		}
		name += " " + strings.TrimSuffix(filepath.Base(path), " (deleted)")
	}
	tr.calls = append(tr.calls, name)
	return true
}
