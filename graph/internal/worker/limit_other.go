//go:build !linux

package worker

import "os/exec"

// MissingLimits names the limits that this system does not enforce; empty for
// none.
const MissingLimits = "this system bounds the memory of a worker only softly, and neither its processor time nor what it writes"

func limitMemory(int64) error { return nil }
func forbidWriting() error    { return nil }
func limitCPU(int64)          {}
func watchCPU()               {}
func ownGroup(*exec.Cmd)      {}
