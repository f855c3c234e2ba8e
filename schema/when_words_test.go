package schema_test

import (
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestDatesInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		when            schema.When
		event, relation string
	}{
		{schema.When{}, "undated", "undated"},
		{schema.When{Written: "2018-05"}, "2018-05", "2018-05"},
		{schema.When{Written: "2018~"}, "about 2018, ±1 year", "about 2018, ±1 year"},
		{schema.When{Written: "2018/2020"}, "between 2018 and 2020", "2018 to 2020"},
		{schema.When{Written: "2018~/2020"}, "between about 2018, ±1 year, and 2020", "about 2018, ±1 year, to 2020"},
		{schema.When{Written: "../2018"}, "by 2018", "until 2018"},
		{schema.When{Written: "/2018"}, "by 2018", "until 2018"},
		{schema.When{Written: "2018/.."}, "2018 or later", "since 2018"},
		{schema.When{Written: "2018/"}, "2018 or later", "from 2018, end not known"},
		{schema.When{Written: "2018", Attested: true}, "at least 2018", "at least 2018"},
		{schema.When{Written: "2018/2020", Attested: true}, "at least 2018 to 2020", "at least 2018 to 2020"},
		{schema.When{Words: "last August"}, "last August", "last August"},
		{schema.When{FromBy: "2018", ToBy: "2020"}, "began by 2018, ended by 2020", "began by 2018, ended by 2020"},
		{schema.When{Written: "2017/..", ToBy: "2020"}, "2017 or later, ended by 2020", "since 2017, ended by 2020"},
	} {
		if got := c.when.InWords(schema.Interaction); got != c.event {
			t.Errorf("%+v of an event is %q, not %q", c.when, got, c.event)
		}
		if got := c.when.InWords(schema.Relation); got != c.relation {
			t.Errorf("%+v of a relation is %q, not %q", c.when, got, c.relation)
		}
	}
}
