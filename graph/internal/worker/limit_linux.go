package worker

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// MissingLimits names the limits that this system does not enforce; empty for
// none.
const MissingLimits = ""

// threadStacks is room for the stacks of more threads. The C library maps 8 MiB
// for each thread, most of which is never used.
const threadStacks = 64 << 20

// limitMemory bounds how many bytes of data this process may have on top of its
// present size. Mapped files do not count.
func limitMemory(bytes int64) error {
	now, err := dataSize()
	if err != nil {
		return err
	}
	return limit(syscall.RLIMIT_DATA, uint64(now+bytes+threadStacks))
}

// dataSize returns how many bytes of data the process has.
func dataSize() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if size, ok := strings.CutPrefix(line, "VmData:"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(size), " kB"), 10, 64)
			return n << 10, err
		}
	}
	return 0, errors.New("/proc/self/status has no VmData")
}

func forbidWriting() error { return limit(syscall.RLIMIT_FSIZE, 0) }

func limit(what int, most uint64) error {
	var old syscall.Rlimit
	if err := syscall.Getrlimit(what, &old); err != nil {
		return fmt.Errorf("limit %d: %w", what, err)
	}
	most = min(most, old.Max) // the hard limit can only be lowered
	if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
		return fmt.Errorf("limit %d: %w", what, err)
	}
	return nil
}

// limitCPU allows the process a number of seconds more of processor time.
func limitCPU(seconds int64) {
	most := ^uint64(0) // no limit
	if seconds > 0 {
		most = uint64(cpuUsed().Seconds()) + uint64(seconds) + 1
	}
	var old syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_CPU, &old) == nil {
		// The error is ignored: only a system that forbids changing the limit
		// returns one, and it sets the limit itself.
		_ = syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: min(most, old.Max), Max: old.Max})
	}
}

func cpuUsed() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watchCPU ends the process when its processor time is used up.
func watchCPU() {
	exceeded := make(chan os.Signal, 1)
	signal.Notify(exceeded, syscall.SIGXCPU)
	go func() {
		<-exceeded
		fmt.Fprintln(os.Stderr, outOfCPU)
		os.Exit(1)
	}()
}

// ownGroup puts a child into a process group of its own, so that signals of the
// terminal do not reach it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
