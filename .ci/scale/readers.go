package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"
)

// wait is the --wait of readers.
const wait = 5 * time.Second

// readers runs eight readers of a graph, each command in a process of its own, while
// another command loads as much again into it. A reader answers, or says after --wait
// that the graph is locked.
func (b *bench) readers() error {
	facts, err := number("ENTENTE_FACTS", "500000")
	if err != nil {
		return err
	}
	graph, more := b.path("graph"), b.path("more.jsonl")
	for seed, file := range []string{b.path("lines.jsonl"), more} {
		if err := b.synth(file, facts, seed+1); err != nil {
			return err
		}
	}
	if _, err := b.run("load", b.path("lines.jsonl"), "--graph", graph); err != nil {
		return err
	}
	done, loaded := make(chan struct{}), make(chan error, 1)
	var took cost
	go func() {
		defer close(done)
		c, err := b.run("load", more, "--graph", graph, "--wait", "10m")
		took = c
		loaded <- err
	}()
	var (
		group sync.WaitGroup
		asked = make([][]asked, 8)
	)
	for i := range asked {
		group.Go(func() { asked[i] = b.readUntil(done, graph, i) })
	}
	group.Wait()
	if err := <-loaded; err != nil {
		return err
	}
	fmt.Printf("A load of %d facts beside as many, with eight readers in other processes: %.1f s.\n", facts, took.elapsed.Seconds())
	return report(slices.Concat(asked...))
}

// asked is one command of a reader.
type asked struct {
	took   time.Duration
	locked bool // it gave up, since the graph was locked
	err    error
}

// readUntil asks one question after the other until the channel is closed.
func (b *bench) readUntil(done <-chan struct{}, graph string, reader int) (all []asked) {
	questions := []string{"show person:synth-77", "stats", "facts --rows 10 --verb met", "find person:synth-50"}
	for n := reader; ; n++ {
		select {
		case <-done:
			return all
		case <-time.After(50 * time.Millisecond):
		}
		args := append(strings.Fields(questions[n%len(questions)]), "--graph", graph, "--wait", wait.String())
		cmd := exec.CommandContext(b.ctx, b.program, args...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		start := time.Now()
		one := asked{err: cmd.Run()}
		one.took = time.Since(start)
		if one.err != nil && strings.Contains(errs.String(), "locked") {
			one.locked, one.err = true, nil
		} else if one.err != nil {
			one.err = fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), one.err, &errs)
		}
		all = append(all, one)
	}
}

// report prints how long readers needed, and checks that no one waited longer than
// --wait allows.
func report(all []asked) error {
	var times []time.Duration
	var gaveUp int
	var failures []error
	for _, one := range all {
		switch {
		case one.err != nil:
			failures = append(failures, one.err)
		case one.locked:
			gaveUp++
			if one.took < wait || one.took > wait+time.Second {
				failures = append(failures, fmt.Errorf("gave up after %v, with --wait %v", one.took, wait))
			}
		default:
			if times = append(times, one.took); one.took > wait+2*time.Second {
				failures = append(failures, fmt.Errorf("an answer after %v, with --wait %v", one.took, wait))
			}
		}
	}
	slices.Sort(times)
	if len(times) == 0 {
		return errors.Join(append(failures, errors.New("no reader answered"))...)
	}
	fmt.Printf("%d answers, the median after %v, the last after %v; %d readers gave up after --wait %v.\n",
		len(times), times[len(times)/2].Round(time.Millisecond), times[len(times)-1].Round(time.Millisecond), gaveUp, wait)
	return errors.Join(failures...)
}
