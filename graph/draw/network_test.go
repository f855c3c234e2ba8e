package draw_test

import (
	"errors"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/draw"
)

func TestNetworkOverlapsNothing(t *testing.T) {
	t.Parallel()
	f := open(t, records(20))
	facts, err := f.Graph().Timeline(t.Context(), graph.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, layout := range append(draw.Layouts(), "") {
		d, err := draw.Network(t.Context(), f.Graph(), facts, nil, draw.Options{Layout: layout})
		if err != nil {
			t.Fatal(layout, err)
		}
		check(t, d)
		again, err := draw.Network(t.Context(), f.Graph(), facts, nil, draw.Options{Layout: layout})
		if err != nil || svg(t, d) != svg(t, again) {
			t.Errorf("%s: two drawings differ: %v", layout, err)
		}
	}
}

func TestNetworkTooLarge(t *testing.T) {
	t.Parallel()
	f := open(t, records(200))
	facts, err := f.Graph().Timeline(t.Context(), graph.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := draw.Network(t.Context(), f.Graph(), facts, nil, draw.Options{}); !errors.Is(err, draw.ErrTooLarge) {
		t.Errorf("the error is %v", err)
	}
	if _, err := draw.Network(t.Context(), f.Graph(), facts, nil, draw.Options{Top: 12}); err != nil {
		t.Error(err)
	}
}
