package gizmo

import (
	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// Cayley does not export its JavaScript runtime. The first script of a session
// fetches a Go function as if it were a value of the graph, and calls it with the
// runtime. From then on the session reads the real store, in which no script can
// reach the node below.
const (
	bootNode   = quad.IRI("entente:start")
	bootScript = `g.V("<entente:start>").toValue()()`
)

type bootFunc = func(goja.FunctionCall, *goja.Runtime) goja.Value

// bootStore is a store of one node, whose value is the function that runs the
// user's script.
type bootStore struct {
	cgraph.QuadStore
	start bootFunc
}

type bootRef struct{}

func (r bootRef) Key() any { return r }

func (s *bootStore) ValueOf(v quad.Value) (cgraph.Ref, error) { return bootRef{}, nil }

func (s *bootStore) NameOf(r cgraph.Ref) (quad.Value, error) { return bootValue{s.start}, nil }

type bootValue struct{ start bootFunc }

func (bootValue) String() string { return bootNode.String() }

func (v bootValue) Native() any { return v.start }
