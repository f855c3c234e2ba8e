package mapping

import (
	"errors"
	"fmt"
	"slices"
)

// ErrEntity is the error of a reference to an entity of the row that has an error
// itself.
var ErrEntity = errors.New("an entity of the row has an error")

// named replaces the names of entities of the mapping, where the mapping itself says
// them, by what stands for these entities.
func (m *exprMaker) named(c *context, values []Value) ([]Value, error) {
	isName := func(v Value) bool {
		_, ok := m.names[v.Text]
		return ok && v.isSaid
	}
	if !slices.ContainsFunc(values, isName) {
		return values, nil
	}
	var all []Value
	for _, v := range values {
		if !isName(v) {
			all = append(all, v)
			continue
		}
		named, err := entityOf(m.names[v.Text]).values(c)
		if err != nil {
			return nil, err
		}
		all = append(all, named...)
	}
	return all, nil
}

// entityOf is an entity of the row, by its index: its id if it has one, else its
// name.
type entityOf int

func (i entityOf) make(c *context, key string) (*Item, []*ValueError) {
	values, err := i.values(c)
	if err != nil {
		return nil, []*ValueError{asValueError(err, key)}
	}
	return itemOf(values), nil
}

// values returns what stands for an entity of the row.
func (i entityOf) values(c *context) ([]Value, error) {
	values, ok := c.names[i]
	if !ok {
		whole := *c
		whole.node, whole.line, whole.col = c.top, c.top.Line, c.top.Col
		var err error
		if values, err = c.run.Mapping.entities[i].namesOf(&whole); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrEntity, err)
		}
		c.names[i] = values
	}
	return values, nil
}

func (it *item) namesOf(c *context) (all []Value, err error) {
	failed := it.eachNode(c, func(here *context) {
		if !it.filter.holds(here) {
			return
		}
		for _, key := range []string{"id", "name"} {
			v, errs := it.record.value(here, key)
			if len(errs) > 0 {
				err = errs[0]
			}
			if len(errs) > 0 || v == nil || v.Kind != Text {
				continue
			}
			if key == "id" {
				v.Text = "<" + v.Text + ">"
			}
			all = append(all, Value{Text: v.Text, Line: v.Line, Col: v.Col, Field: v.Field})
			return
		}
	})
	if err == nil {
		err = failed
	}
	return all, err
}

// value makes the value of one key; nil if the record lacks it.
func (r *record) value(c *context, key string) (*Item, []*ValueError) {
	for _, k := range r.keys {
		if k.name == key {
			return k.value.make(c, key)
		}
	}
	return nil, nil
}
