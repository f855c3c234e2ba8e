package main

import (
	"context"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
)

// answerEntente answers with graph/paths.
func answerEntente(folder string, rounds int) error {
	w, err := readPathWorld(folder)
	if err != nil {
		return err
	}
	a := &pathAnswers{}
	v, err := viewOf(folder, a)
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(1) // for the questions
	return a.answer(ententeQuestions(v, w), len(w.Names), rounds)
}

func ententeQuestions(v *paths.View, w *pathWorld) []pathQuestion {
	ctx := context.Background()
	shortest := paths.Query{Rank: paths.ByHops, Hops: paths.MaxHops}
	constrained := paths.Query{Rank: paths.ByHops, Hops: paths.MaxHops, Conditions: &graph.Conditions{Statuses: graph.Happened().Statuses, Verbs: pathVerbs, Since: pathWindow[0], Until: pathWindow[1]}}
	return []pathQuestion{
		{askShortest, func(i int) (int, error) { return hopsOf(v.Shortest(ctx, w.Names[i][0], w.Names[i][1], shortest)) }},
		{askConstrained, func(i int) (int, error) { return hopsOf(v.Shortest(ctx, w.Names[i][0], w.Names[i][1], constrained)) }},
		{askNear, func(i int) (n int, err error) {
			counts, err := v.CountNear(ctx, w.Names[i][0], paths.Query{Hops: 3})
			for _, count := range counts {
				n += count
			}
			return n, err
		}},
		{askTelling, func(i int) (n int, err error) {
			for _, err := range v.Between(ctx, w.Names[i][0], w.Names[i][1], paths.Query{}) {
				if n++; err != nil || n == 10 {
					return n, err
				}
			}
			return n, nil
		}},
		{askInOrder, func(i int) (int, error) {
			j, ok, err := v.InOrder(ctx, w.Names[i][:1], w.Names[i][1:], paths.Query{}, paths.Order{})
			return hopsOf(paths.Path{Hops: j.Hops}, ok, err)
		}},
	}
}

// viewOf builds a view from the store on all processors, without a view's file.
func viewOf(folder string, a *pathAnswers) (*paths.View, error) {
	ctx := context.Background()
	g, err := graph.Open(ctx, graphDir(folder), &graph.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	start := time.Now()
	v, err := paths.NewView(ctx, g)
	a.Build = time.Since(start).Seconds()
	if err = errors.Join(err, g.Close()); err != nil {
		return nil, err
	}
	debug.FreeOSMemory()
	a.Memory = statusOf(os.Getpid(), "VmRSS")
	return v, nil
}

func hopsOf(p paths.Path, ok bool, err error) (int, error) {
	if !ok {
		return -1, err
	}
	return len(p.Hops), err
}
