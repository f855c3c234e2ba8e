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

// MissingLimits says which limits this system does not have, nothing where it has all.
const MissingLimits = ""

// threadStacks is room for the stacks of more threads: where C starts them, each
// has 8 MiB, most of which it never touches.
const threadStacks = 64 << 20

// limitMemory bounds the data of this process, on top of what it has now. Mapped
// files do not count.
func limitMemory(bytes int64) error {
	now, err := dataSize()
	if err != nil {
		return err
	}
	return limit(syscall.RLIMIT_DATA, uint64(now+bytes+threadStacks))
}

// dataSize is how many bytes count as data by now.
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
	most = min(most, old.Max) // nobody may raise that
	if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
		return fmt.Errorf("limit %d: %w", what, err)
	}
	return nil
}

// limitCPU gives the process so many seconds more of processor time.
func limitCPU(seconds int64) {
	most := ^uint64(0) // no limit
	if seconds > 0 {
		most = uint64(cpuUsed().Seconds()) + uint64(seconds) + 1
	}
	var old syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_CPU, &old) == nil {
		// One that it cannot set is one that the system sets by itself.
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
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGXCPU)
	go func() {
		<-ended
		fmt.Fprintln(os.Stderr, outOfCPU)
		os.Exit(1)
	}()
}

// ownGroup keeps signals of the terminal from a child.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
