package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// oxigraph is npm's oxigraph, which keeps everything in memory, in a Node process that
// also measures the times: see oxigraph.mjs.
type oxigraph struct{}

//go:embed oxigraph.mjs
var oxigraphProgram []byte

// nodeModules returns the folder of node_modules; the script run makes it.
func nodeModules() string { return os.Getenv("COMPARE_NODE") }

func (oxigraph) title() string  { return "oxigraph " + npmVersion("oxigraph") }
func (oxigraph) inMemory() bool { return true }
func (oxigraph) largest() int   { return 2_000_000 } // WebAssembly has 4 GB

func npmVersion(name string) string {
	var about struct{ Version string }
	data, err := os.ReadFile(filepath.Join(nodeModules(), "node_modules", name, "package.json"))
	if err == nil {
		err = json.Unmarshal(data, &about)
	}
	if err != nil {
		return "missing"
	}
	return about.Version
}

func (o oxigraph) load(file, dir string) error {
	s, err := o.open(file, dir, true)
	if err != nil {
		return err
	}
	return s.close()
}

func (oxigraph) open(file, _ string, _ bool) (session, error) {
	program := filepath.Join(nodeModules(), "oxigraph.mjs")
	if err := os.WriteFile(program, oxigraphProgram, 0o644); err != nil {
		return nil, err
	}
	cmd := exec.Command("node", program)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &nodeSession{cmd: cmd, in: in, out: bufio.NewReader(out)}
	if _, err := s.ask(question{Op: "load", File: file}); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

type nodeSession struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

type question struct {
	Op    string   `json:"op"`
	File  string   `json:"file,omitempty"`
	Terms []string `json:"terms,omitempty"`
	Text  string   `json:"text,omitempty"`
	Check bool     `json:"check,omitempty"`

	Worked bool `json:"worked"` // see processorTime
}

func (s *nodeSession) ask(q question) (answer, error) {
	if err := json.NewEncoder(s.in).Encode(q); err != nil {
		return answer{}, err
	}
	line, err := s.out.ReadBytes('\n')
	if err != nil {
		return answer{}, err
	}
	var a struct {
		answer
		Error string `json:"error"`
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return answer{}, err
	}
	if a.Error != "" {
		return answer{}, fmt.Errorf("oxigraph: %s: %s", q.Op, a.Error)
	}
	return a.answer, nil
}

func (s *nodeSession) hop(subjects []string, check bool) (answer, error) {
	return s.ask(question{Op: "hop", Terms: subjects, Check: check, Worked: processorTime})
}

func (s *nodeSession) find(names []string, check bool) (answer, error) {
	return s.ask(question{Op: "find", Terms: names, Check: check, Worked: processorTime})
}

func (s *nodeSession) scan() (answer, error) {
	return s.ask(question{Op: "scan", Worked: processorTime})
}

func (s *nodeSession) all(check bool) (answer, error) {
	return s.ask(question{Op: "all", Check: check, Worked: processorTime})
}

func (s *nodeSession) add(text string) (answer, error) {
	return s.ask(question{Op: "add", Text: text})
}

func (s *nodeSession) remove(text string) (answer, error) {
	return s.ask(question{Op: "remove", Text: text})
}

func (s *nodeSession) peak() float64 { return peakOf(s.cmd.Process.Pid) }

func (s *nodeSession) close() error { return errors.Join(s.in.Close(), s.cmd.Wait()) }
