package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
)

// TestBlamed asks why a process ended that ran a script: damage is exit code 6.
func TestBlamed(t *testing.T) {
	h, dir := harmedGraph(t), filepath.Join(t.TempDir(), "g")
	ended := fmt.Errorf("%w: signal: killed", gizmo.ErrEnded)
	page := make([]byte, 4096)
	for name, c := range map[string]struct {
		damaged bool
		err     error
		want    int
	}{
		"a sound graph":   {false, ended, exitQuery},
		"a damaged graph": {true, ended, exitDamaged},
		"a limit":         {true, errors.Join(gizmo.ErrMemory, ended), exitQuery},
	} {
		file := append([]byte(nil), h.file...)
		for i := 2; c.damaged && i < h.pages; i++ {
			copy(file[4096*i:], page)
		}
		if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, graph.File), file, 0o644)); err != nil {
			t.Fatal(err)
		}
		s := &session{dir: dir, opener: &opener{config{Graph: dir}, &console{errs: os.Stderr}}, children: children{program: program}}
		if err := s.diagnoseCrash(t.Context(), c.err); exitCode(err) != c.want || !errors.Is(err, gizmo.ErrEnded) {
			t.Errorf("%s: exit code %d, want %d: %v", name, exitCode(err), c.want, err)
		}
	}
}
