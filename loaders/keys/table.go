package keys

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

const statusNote = "Whether the act took place. Without it: happened."

func datasetKeys() []Key {
	list := func(name string, of schema.Kind, what string) Key {
		return Key{name, Entities, "A list of " + what + ": names, or mappings.", of}
	}
	return []Key{
		{Name: "$schema", Shape: Path, Note: "The JSON Schema of this file, for editors: a path or an address. entente leaves it out."},
		{Name: "about", Shape: About, Note: "Texts about the dataset: title, description, license, or any other key."},
		{Name: "dataset", Shape: About, Note: "Another name of the key about."},
		{Name: "dates", Shape: Order, Note: "The order of the numbers in dates of this file such as 03/04/2015: dmy or mdy. Without it such dates are errors unless --dates says the order."},
		{Name: "defaults", Shape: Values, Note: "A status and evidence for the facts of this file that have none of their own."},
		{Name: "sets", Shape: Sets, Note: "Names for lists of kinds, for roles and verbs of this dataset. The keys sets, roles, verbs, widest and codes are those of a file of verbs: entente help verbs explains them."},
		{Name: "roles", Shape: Roles, Note: "Roles of facts that this dataset adds to the vocabulary."},
		{Name: "verbs", Shape: Verbs, Note: "Verbs that this dataset adds to the vocabulary, and entries that widen its verbs."},
		{Name: "widest", Shape: Widest, Note: "For each new group of verbs the verb on which its interactions fall back, and the verb for its relations."},
		{Name: "codes", Shape: Codes, Note: "Codes of event data that this dataset adds, and the verbs to which they lead."},
		{Name: "sources", Shape: Sources, Note: "The documents that facts cite."},
		list("people", schema.Person, "people"),
		list("posts", schema.Post, "posts, which are offices that people hold"),
		list("institutions", schema.Institution, "institutions, such as ministries, companies and armed forces"),
		list("groups", schema.Group, "groups, such as “Chinese officials”, which are not the same people each time"),
		list("countries", schema.Country, "countries"),
		list("places", schema.Place, "places"),
		list("gatherings", schema.Gathering, "gatherings, such as summits and conferences"),
		list("things", schema.Thing, "things, such as treaties, ships and sanctions"),
		{Name: "entities", Shape: Entities, Note: "A list of entities of any kind, each with its kind."},
		{Name: "facts", Shape: Facts, Note: "A list of facts: sentences, or mappings."},
	}
}

func sourceKeys() []Key {
	return []Key{
		{Name: "key", Shape: Text, Note: "A short word by which facts of this dataset cite the source."},
		{Name: "id", Shape: ID, Note: "An id such as doc:communique-2023. Without it the id is made from the title, the publisher and the date."},
		{Name: "kind", Shape: Kind, Note: "Document: a source has no other kind, and needs no kind where sources are listed."},
		{Name: "title", Shape: Name, Note: "The title of the document. It may be missing only if there is a url."},
		{Name: "name", Shape: Name, Note: "Another name of the key title."},
		{Name: "publisher", Shape: Name, Note: "Who published the document."},
		{Name: "author", Shape: Name, Note: "Who wrote the document."},
		{Name: "published", Shape: Date, Note: "The date on which the document was published."},
		{Name: "url", Shape: Address, Note: "The address of the document: http, https, ftp, file, urn or doi."},
		{Name: "archived", Shape: Copy, Note: "An archived copy of the document: its address, or a mapping of its address and the day on which it was made."},
		{Name: "archived-on", Shape: Date, Note: "The day on which the archived copy was made, beside an address alone. Without it, the day that an address of the Wayback Machine or archive.today has."},
		{Name: "accessed", Shape: Date, Note: "The day on which the document was read."},
		{Name: "language", Shape: Language, Note: "The language of the document as a BCP 47 tag: en, zh-Hant."},
		{Name: "sha256", Shape: Digest, Note: "The SHA-256 of the document's bytes, in hexadecimal."},
		{Name: "description", Shape: Text, Note: "A text about the document."},
		{Name: "aliases", Shape: Aliases, Note: "Other titles of the document, in any script."},
		{Name: "identifiers", Shape: Texts, Note: "Identifiers of the document elsewhere: one, or a list."},
	}
}

func archivedKeys() []Key {
	return []Key{
		{Name: "url", Shape: Address, Note: "The address of the archived copy."},
		{Name: "on", Shape: Date, Note: "The day on which the copy was made. Without it, the day that an address of the Wayback Machine or archive.today has."},
	}
}

func entityKeys() []Key {
	return []Key{
		{Name: "kind", Shape: Kind, Note: "The kind of the entity. Lists such as people say it for their items."},
		{Name: "name", Shape: Name, Note: "The name of the entity, on one line."},
		{Name: "id", Shape: ID, Note: "An id such as person:xie-feng. Without it the id is made from the name. Write ids to tell apart two entities of the same name."},
		{Name: "aliases", Shape: Aliases, Note: "Other names, in any script: one, or a list."},
		{Name: "country", Shape: Reference, Note: "The country to which the entity belongs: a declared country."},
		{Name: "born", Shape: Date, Note: "The date of birth; of an institution, the date of its foundation. The year has four digits."},
		{Name: "identifiers", Shape: Texts, Note: "Identifiers of the entity elsewhere, such as Q7747 of Wikidata: one, or a list."},
		{Name: "description", Shape: Text, Note: "A text about the entity."},
		{Name: "posts", Shape: Posts, Note: "The posts that a person holds or held: a list of names, or of mappings with the post and its dates."},
	}
}

func aliasKeys() []Key {
	return []Key{
		{Name: "value", Shape: Name, Note: "The other name."},
		{Name: "lang", Shape: Language, Note: "The language of the name as a BCP 47 tag: zh, zh-Latn."},
	}
}

func factKeys(v *schema.Vocabulary) []Key {
	return slices.Concat([]Key{
		{Name: "fact", Shape: Sentence, Note: "A sentence: a subject, a phrase of a verb, an object. The names are declared in this dataset or in another dataset that the load uses."},
		{Name: "verb", Shape: Verb, Note: "The verb, in place of a sentence: its id or one of its phrases. entente verbs lists them."},
		{Name: "actor", Shape: References, Note: "The entity that acts, or several: names, or ids in angle brackets."},
		{Name: "actor-kind", Shape: Kind, Note: "The kind of the actors. With it they need no declaration."},
		{Name: "recipient", Shape: References, Note: "The entity to which it is done, or several: names, or ids in angle brackets."},
		{Name: "recipient-kind", Shape: Kind, Note: "The kind of the recipients. With it they need no declaration."},
		{Name: "party", Shape: References, Note: "Three or more participants without sides, such as the parties to one agreement."},
		{Name: "key", Shape: Text, Note: "A word by which other facts of this dataset refer to this fact."},
	}, whenKeys(), []Key{
		placeKey(),
		{Name: "at-kind", Shape: Kind, Note: "The kind of the places. With it they need no declaration."},
	}, roleKeys(v), []Key{
		{Name: "topic", Shape: Text, Note: "The subject matter, in words."},
		{Name: "status", Shape: Status, Note: statusNote},
		{Name: "because", Shape: FactKeys, Note: "The facts that caused this one, according to its source: a key or a list of keys."},
		{Name: "answers", Shape: FactKeys, Note: "The facts to which this one replies: a key or a list of keys."},
		{Name: "led-to", Shape: FactKeys, Note: "The facts to which this one led: a key or a list of keys."},
		{Name: "part-of", Shape: FactKeys, Note: "The facts of which this one is part: a key or a list of keys."},
		{Name: "outcome", Shape: FactKeys, Note: "The facts that are the result of this one: a key or a list of keys."},
		{Name: "same-as", Shape: FactKeys, Note: "Facts that are the same event, described with another precision: a key or a list of keys."},
	}, evidenceKeys(), []Key{
		{Name: "evidence", Shape: Claims, Note: "What several sources say of the fact: a list of mappings, each with its source, or one mapping. Then the fact itself has no source, quote or other key of evidence."},
		{Name: "source-key", Shape: Text, Note: "The id of the fact in the system from which it comes. It keeps apart facts that are otherwise alike."},
	})
}

func placeKey() Key {
	return Key{Name: "at", Shape: References, Note: "The place where it happened: a name or a list of names."}
}

func whenKeys() []Key {
	return []Key{
		{Name: "when", Shape: Date, Note: "A date or an interval: 2023, 2023-07, 2023-07-12, 2023~ (about), 2022-08/2022-09, 2018/.. (still going on), 12 July 2023, Q3 2023, spring 2023. entente help dates lists all forms."},
		{Name: "since", Shape: Date, Note: "The start, in place of when. For an event without an end it is the date."},
		{Name: "until", Shape: Date, Note: "The end, in place of when."},
		{Name: "words", Shape: Text, Note: "The words of the source for the date, such as “last August”."},
		{Name: "anchor", Shape: Day, Note: "The day from which these words count: YYYY-MM-DD."},
		{Name: "from-by", Shape: Date, Note: "The latest start: the fact had begun by this date."},
		{Name: "to-by", Shape: Date, Note: "The latest end: the fact had ended by this date."},
		{Name: "attested", Shape: Truth, Note: "True if the relation held at least then, as in “then-Speaker”, and its start and end are not known."},
	}
}

func evidenceKeys() []Key {
	return []Key{
		{Name: "stance", Shape: Stance, Note: "What the source says of the fact. Without it: asserts. A fact that no source asserts is not a fact that happened."},
		{Name: "source", Shape: Citation, Note: "The document that says so: its key, id or title, or a mapping that describes it. Without a source the evidence is the file itself."},
		{Name: "quote", Shape: Text, Note: "The exact words of the source."},
		{Name: "locator", Shape: Text, Note: "Where the quote is in the source: a page, line or row."},
		{Name: "start", Shape: Count, Note: "Where the quote begins in the source, in bytes of UTF-8."},
		{Name: "end", Shape: Count, Note: "Where the quote ends in the source, in bytes of UTF-8, exclusive."},
		{Name: "said-by", Shape: Reference, Note: "The speaker of the words."},
		{Name: "via", Shape: References, Note: "Who passed the words on: a name, or a list in order."},
		{Name: "method", Shape: Method, Note: "How the evidence was obtained. Without it: curated, or import if there is no source."},
		{Name: "confidence", Shape: Share, Note: "How sure the evidence is: a number above 0 and up to 1."},
		{Name: "note", Shape: Text, Note: "A remark."},
		{Name: "duration", Shape: Text, Note: "How long it lasted, as the source says it."},
		{Name: "count", Shape: Text, Note: "How many there were, as the source says it."},
		{Name: "model", Shape: Text, Note: "The name of the model that found the evidence in its source."},
		{Name: "review", Shape: Review, Note: "Whether a person has looked at what a model found. Without it: no review is needed."},
		{Name: "reviewed-by", Shape: Text, Note: "Who accepted or rejected the evidence."},
		{Name: "reviewed-on", Shape: Day, Note: "The day on which it was accepted or rejected: YYYY-MM-DD."},
		{Name: "review-note", Shape: Text, Note: "Why it was accepted or rejected."},
	}
}
