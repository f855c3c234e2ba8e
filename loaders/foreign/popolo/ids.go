package popolo

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// global recognizes ids that are the same thing in every file: UUIDs, numbers of
// Wikidata, addresses, URNs and Open Civic Data's ids.
var global = pattern.New(`^(?i:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z0-9+.-]*://.+|urn:.+|ocd-[a-z]+/.+)$|^Q[1-9][0-9]*$`)

// entityID returns the id of an entity: the id in the file after the prefix of the kind.
// An id that only its file gives a meaning stands after the name of the dataset, so that
// term/2010 of two parliaments are two terms.
func entityID(dataset string, kind schema.Kind, id string) schema.ID {
	if !global().MatchString(id) {
		id = dataset + "/" + id
	}
	return schema.ID(kind.Prefix() + ":" + legal(withoutScheme(id)))
}

// GlobalID returns the id of an entity with an IRI: of one of entente the id itself, of one
// of Wikidata its number, and else the IRI without http:// or https://.
func GlobalID(kind schema.Kind, iri string) schema.ID {
	if id, is := strings.CutPrefix(iri, "urn:entente:"); is && schema.KindOf(schema.ID(id)) == kind {
		return schema.ID(id)
	}
	for _, at := range []string{"http://www.wikidata.org/entity/", "https://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/"} {
		if q, is := strings.CutPrefix(iri, at); is && wikidata().MatchString(q) {
			return schema.ID(kind.Prefix() + ":" + q)
		}
	}
	return schema.ID(kind.Prefix() + ":" + legal(withoutScheme(iri)))
}

// withoutScheme returns the address without http:// or https://.
func withoutScheme(id string) string {
	for _, scheme := range []string{"http://", "https://"} {
		if rest, is := strings.CutPrefix(id, scheme); is {
			return rest
		}
	}
	return id
}

// legal returns an id in which each character that an id of entente cannot contain is
// its number in hexadecimal, as ~2019~. Different ids stay different.
func legal(id string) string {
	var out strings.Builder
	for _, r := range id {
		if r != '~' && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-._/:@()+,'", r)) {
			out.WriteRune(r)
		} else {
			fmt.Fprintf(&out, "~%x~", r)
		}
	}
	return out.String()
}

// identifier returns an identifier with its scheme; one of Wikidata in the form that all
// formats have. An identifier is one line.
func identifier(scheme, id string) string {
	id = strings.Join(strings.Fields(id), " ")
	scheme = strings.Join(strings.Fields(scheme), "-")
	if strings.EqualFold(scheme, "wikidata") || strings.Contains(id, "://www.wikidata.org/") {
		id = id[strings.LastIndexByte(id, '/')+1:]
	}
	switch {
	case id == "":
		return ""
	case wikidata().MatchString(id):
		return "wikidata:" + id
	case scheme == "":
		return id
	case strings.EqualFold(scheme, "wikidata"):
		return "wikidata:" + id
	}
	return scheme + ":" + id
}

var wikidata = pattern.New(`^Q[1-9][0-9]*$`)
