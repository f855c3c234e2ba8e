package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
)

// machine describes the machine and the versions of a measurement.
func machine() string {
	return fmt.Sprintf("%d cores (%s), %s, Node %s; Cayley %s over boltdb %s, go-sqlite3 %s, npm oxigraph %s",
		runtime.NumCPU(), processor(), runtime.Version(), nodeVersion(), moduleVersion("github.com/cayleygraph/cayley"),
		moduleVersion("github.com/boltdb/bolt"), moduleVersion("github.com/mattn/go-sqlite3"), npmVersion("oxigraph"))
}

func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if key, name, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(name)
		}
	}
	return runtime.GOARCH
}

func nodeVersion() string {
	out, err := exec.Command("node", "--version").Output()
	if err != nil {
		return "missing"
	}
	return strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
}

// maxRSS returns the peak memory of a process in bytes.
func maxRSS(p *os.ProcessState) float64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(usage.Maxrss) * 1024
}
