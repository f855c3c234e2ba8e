package sketch

import (
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/schema"
)

// meaning is what a field may be for a mapping.
type meaning string

// The meanings of fields.
const (
	unknown   meaning = ""
	actor     meaning = "actor"
	recipient meaning = "recipient"
	verb      meaning = "verb"
	code      meaning = "code" // of a verb, in CAMEO
	when      meaning = "when"
	since     meaning = "since"
	until     meaning = "until"
	place     meaning = "place"
	country   meaning = "country"
	name      meaning = "name"
	first     meaning = "first name"
	last      meaning = "last name"
	alias     meaning = "alias"
	born      meaning = "born"
	id        meaning = "id"
	post      meaning = "post"
	org       meaning = "institution"
	quote     meaning = "quote"
	note      meaning = "note"
	topic     meaning = "topic"
	title     meaning = "title"
	publisher meaning = "publisher"
	url       meaning = "url"
	published meaning = "published"
	archived  meaning = "archived"
	archiving meaning = "archived-on"
	accessed  meaning = "accessed"
	weakVerb  meaning = "verb by a word that is not always one"
	slug      meaning = "name as an id" // such as "kerry-john-forbes"
	ignored   meaning = "ignored"       // when and by whom the record was made
)

// words lists words of names of fields in English, French, German and Spanish, folded.
// Earlier lines count first.
var words = []struct {
	meaning meaning
	words   string
}{
	{ignored, "created modified updated changed geandert erstellt modifie cree creado actualizado timestamp dirty version revision lat lon latitude longitude score intensity"},
	{recipient, "whom target recipient object counterpart counterparty partner to wen wem quien-a cible destinataire ziel objetivo destinatario guest gast invite invitado a2 actor2 actor2name"},
	{actor, "who actor subject from wer qui quien acteur akteur sujeto visitor traveler traveller besucher visiteur visitante initiator a1 actor1 actor1name"},
	{code, "cameo eventcode code"},
	{verb, "verb what action interaction relation relationship predicate aktion handlung beziehung accion relacion was que"},
	{born, "born birth birthday birthdate dob geburt geboren geburtsdatum naissance nacimiento ne"},
	{since, "start since begin began started beginning appointed debut depuis von seit beginn desde inicio ab"},
	{until, "end until ended finish left fin jusque bis ende hasta"},
	{archiving, "archivedon archiveddate archivedate"},
	{archived, "archived archiveurl archivedurl wayback"},
	{accessed, "accessed retrieved accessdate abgerufen consultado consulte"},
	{published, "published publication veroffentlicht publie publicado"},
	{when, "date when day datum tag jour fecha dia wann quand cuando year jahr annee ano"},
	{weakVerb, "event type evento evenement typ tipo"},
	{quote, "quote quotation zitat citation cita remarks text statement"},
	{note, "note notes comment comments remark bemerkung kommentar notiz commentaire remarque nota comentario"},
	{publisher, "publisher paper newspaper outlet zeitung verlag journal editeur periodico editorial"},
	{url, "url link address web website href adresse"},
	{post, "post position role office job function amt funktion stelle fonction poste cargo puesto occupation"},
	{title, "source title document article reference quelle titel titre titulo fuente dokument"},
	{topic, "topic about subject-matter thema sujet tema"},
	{org, "organisation organization institution company agency ministry employer behorde firma institut ministerium entreprise societe institucion empresa ministerio"},
	{country, "country nation state land staat pays etat pais nationality"},
	{place, "place location city town locale where ort stadt lieu ville lugar ciudad venue"},
	{first, "forename firstname given vorname prenom"},
	{last, "surname lastname family nachname familienname"},
	{alias, "alias aliases altname aka"},
	{name, "name person person-name nom nombre label full"},
	{id, "id identifier key nr number nummer numero"},
}

// tokens returns the words of a field's name: "startDate" and "start-date" are start
// and date. Of a path only the last two names count.
func tokens(path string) []string {
	names := strings.Split(strings.ReplaceAll(path, "@", ""), "/")
	names = names[max(0, len(names)-2):]
	var out strings.Builder
	for _, n := range names {
		out.WriteByte(' ')
		wasLower := false
		for _, r := range n {
			switch {
			case !unicode.IsLetter(r) && !unicode.IsDigit(r):
				r = ' '
			case unicode.IsUpper(r) && wasLower:
				out.WriteByte(' ')
			}
			wasLower = unicode.IsLower(r)
			out.WriteRune(r)
		}
	}
	return strings.Fields(schema.Fold(out.String()))
}

// byName guesses the meaning of a field from its name. Two words of a name may be one
// word of the list, such as "first name".
func byName(path string) meaning {
	all := tokens(path)
	has := func(list string) bool {
		known := strings.Fields(list)
		return slices.ContainsFunc(all, func(t string) bool { return slices.Contains(known, t) }) ||
			slices.Contains(known, strings.Join(all, "")) || slices.Contains(known, strings.Join(all, "-"))
	}
	switch {
	case has("source") && has("name target"):
		return actor
	case has("target") && has("name"):
		return recipient
	case has("first") && has("name"):
		return first
	case has("last") && has("name"):
		return last
	}
	for _, w := range words {
		if has(w.words) {
			return w.meaning
		}
	}
	return unknown
}
