package main

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// serverVariable is set in the environment of a process that serves commands.
const serverVariable = "ENTENTE_TEST_SERVER"

// commandRequest is a command of a script, with the folder and the environment in which
// it runs.
type commandRequest struct {
	Dir       string
	Env, Args []string
}

type commandReply struct {
	Code      int
	Out, Errs []byte
}

// serveCommands runs commands in this process, one after the other, until there are no
// more requests.
func serveCommands(in io.Reader, out io.Writer) error {
	debug.SetGCPercent(400)
	requests, replies := gob.NewDecoder(in), gob.NewEncoder(out)
	for {
		var r commandRequest
		if err := requests.Decode(&r); err != nil {
			return err
		}
		if err := r.enter(); err != nil {
			return err
		}
		var out, errs bytes.Buffer
		code := run(context.Background(), program, r.Args, strings.NewReader(""), &out, &errs)
		if err := replies.Encode(commandReply{code, out.Bytes(), errs.Bytes()}); err != nil {
			return err
		}
	}
}

// enter changes this process to the folder and the environment of the request.
func (r commandRequest) enter() error {
	os.Clearenv()
	for _, pair := range r.Env {
		key, value, _ := strings.Cut(pair, "=")
		if err := os.Setenv(key, value); err != nil {
			return err
		}
	}
	return os.Chdir(r.Dir)
}

// commandServers runs the commands of scripts in a few processes that are kept for the
// next command, since starting the program takes longer than most commands.
type commandServers struct {
	mu   sync.Mutex
	free []*commandServer
	all  []*commandServer
}

type commandServer struct {
	process  *exec.Cmd
	in       io.Closer
	requests *gob.Encoder
	replies  *gob.Decoder
}

// run runs a command of a script. With ENTENTE_TESTS=full, and where a server cannot give
// the command what a process has, the command is a process.
func (s *commandServers) run(ts *testscript.TestScript, args []string) commandReply {
	env, simple := scriptState(ts)
	if !simple || fullTests() || strings.Contains(strings.Join(args, " "), "/dev/") {
		return runProcess(ts, args)
	}
	dir := ts.MkAbs(".")
	reply, err := s.do(commandRequest{dir, append(env, "PWD="+dir), args})
	if err != nil {
		ts.Fatalf("the server of commands: %v", err)
	}
	_, err = ts.Stdout().Write(reply.Out)
	_, err2 := ts.Stderr().Write(reply.Errs)
	ts.Check(errors.Join(err, err2))
	return reply
}

// runProcess runs a command of a script as a process.
func runProcess(ts *testscript.TestScript, args []string) (reply commandReply) {
	if err := ts.Exec("entente", args...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		reply.Code = exit.ExitCode()
	}
	reply.Out, reply.Errs = []byte(ts.ReadFile("stdout")), []byte(ts.ReadFile("stderr"))
	return reply
}

// scriptState returns the environment of a script, and reports whether its next command
// has neither an input nor a terminal. testscript keeps all three private.
func scriptState(ts *testscript.TestScript) (env []string, simple bool) {
	state := reflect.ValueOf(ts).Elem()
	list, in, terminal := state.FieldByName("env"), state.FieldByName("stdin"), state.FieldByName("ttyin")
	if list.Kind() != reflect.Slice || in.Kind() != reflect.String || terminal.Kind() != reflect.String {
		return nil, false
	}
	for i := range list.Len() {
		env = append(env, list.Index(i).String())
	}
	return env, in.Len() == 0 && terminal.Len() == 0
}

func (s *commandServers) do(r commandRequest) (reply commandReply, err error) {
	server, err := s.take()
	if err != nil {
		return reply, err
	}
	if err = server.requests.Encode(r); err == nil {
		err = server.replies.Decode(&reply)
	}
	if err != nil {
		return reply, fmt.Errorf("%q: %w", r.Args, err) // the server is not used again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, server)
	return reply, nil
}

// take returns a server that has nothing to do.
func (s *commandServers) take() (*commandServer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last := len(s.free) - 1; last >= 0 {
		server := s.free[last]
		s.free = s.free[:last]
		return server, nil
	}
	server, err := startServer()
	if err == nil {
		s.all = append(s.all, server)
	}
	return server, err
}

func startServer() (*commandServer, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path)
	cmd.Env, cmd.Stderr = append(os.Environ(), serverVariable+"=1"), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &commandServer{cmd, in, gob.NewEncoder(in), gob.NewDecoder(out)}, cmd.Start()
}

// close ends all servers.
func (s *commandServers) close(t *testing.T) {
	for _, server := range s.all {
		if err := errors.Join(server.in.Close(), server.process.Wait()); err != nil {
			t.Errorf("a server of commands: %v", err)
		}
	}
}
