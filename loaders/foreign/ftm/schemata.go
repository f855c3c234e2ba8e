package ftm

import (
	"maps"
	"sync"

	"github.com/entente-kg/entente/schema"
)

// things are the schemata that become entities and, as documents, sources.
var things = map[string]schema.Kind{
	"Person":   schema.Person,
	"Position": schema.Post,

	"LegalEntity": schema.Institution, "Organization": schema.Institution, "Company": schema.Institution, "PublicBody": schema.Institution,

	"Address": schema.Place,

	"Event": schema.Gathering, "Trip": schema.Gathering,

	"Thing": schema.Thing, "Asset": schema.Thing, "Airplane": schema.Thing, "BankAccount": schema.Thing, "Contract": schema.Thing,
	"CourtCase": schema.Thing, "CryptoWallet": schema.Thing, "License": schema.Thing, "Project": schema.Thing, "RealEstate": schema.Thing,
	"Security": schema.Thing, "UserAccount": schema.Thing, "Vehicle": schema.Thing, "Vessel": schema.Thing, "Value": schema.Thing,

	"Document": schema.Doc, "Article": schema.Doc, "Audio": schema.Doc, "Email": schema.Doc, "HyperText": schema.Doc, "Image": schema.Doc,
	"PlainText": schema.Doc, "Pages": schema.Doc, "Table": schema.Doc, "Video": schema.Doc, "Workbook": schema.Doc,
}

// usual are the schemata of which an entity is if its description names none, by kind.
var usual = map[schema.Kind]string{schema.Person: "Person", schema.Post: "Position", schema.Institution: "Organization", schema.Place: "Address",
	schema.Gathering: "Event", schema.Doc: "Document", schema.Thing: "Asset"}

// leftOut are the schemata that say nothing of who dealt with whom: numbers and papers of
// one entity, parts of documents, and guesses that two entities are one.
var leftOut = []string{"Analyzable", "Assessment", "Folder", "Identification", "Mention", "Message", "Note", "Package", "Page", "Passport", "Similar", "TaxRoll"}

// link is a schema that links entities: the verb of its facts, and the properties of both
// sides.
type link struct {
	verb     string
	from, to string
	topic    string // the property that says in what role
	isEvent  bool   // it happens once
}

var links = map[string]link{
	"Ownership":          {verb: "owns", from: "owner", to: "asset", topic: "role"},
	"Directorship":       {verb: "director-of", from: "director", to: "organization", topic: "role"},
	"Membership":         {verb: "member-of", from: "member", to: "organization", topic: "role"},
	"Employment":         {verb: "works-at", from: "employee", to: "employer", topic: "role"},
	"Representation":     {verb: "represents", from: "agent", to: "client", topic: "role"},
	"Occupancy":          {verb: "holds-post", from: "holder", to: "post"},
	"Family":             {verb: "relative-of", from: "person", to: "relative", topic: "relationship"},
	"Associate":          {verb: "associate-of", from: "person", to: "associate", topic: "relationship"},
	"Succession":         {verb: "predecessor-of", from: "predecessor", to: "successor", topic: "role"},
	"UnknownLink":        {verb: "linked-with", from: "subject", to: "object", topic: "role"},
	"Debt":               {verb: "linked-with", from: "debtor", to: "creditor"},
	"Documentation":      {verb: "linked-with", from: "document", to: "entity", topic: "role"},
	"ContractAward":      {verb: "involved-in", from: "supplier", to: "contract", topic: "role"},
	"CourtCaseParty":     {verb: "involved-in", from: "party", to: "case", topic: "role"},
	"ProjectParticipant": {verb: "involved-in", from: "participant", to: "project", topic: "role"},
	"EconomicActivity":   {verb: "involved-in", from: "directParty", to: "contract"},
	"Payment":            {verb: "paid", from: "payer", to: "beneficiary", isEvent: true},
	"Call":               {verb: "called", from: "caller", to: "receiver", isEvent: true},
}

// nouns are what a link says in place of a role that it does not have.
var nouns = map[string]string{"Debt": "debt", "ContractAward": "supplier"}

// notes are the properties of facts that become a note, in the order of the note.
var notes = []string{
	"status", "percentage", "sharesCount", "sharesValue", "sharesCurrency", "sharesType", "ownershipType", "legalBasis", "secretary",
	"amount", "amountEur", "amountUsd", "currency", "purpose", "program", "programId", "programUrl", "provisions", "reason", "duration",
	"authorityId", "unscId", "listingDate", "constituency", "summary", "description", "notes", "recordId",
}

// readProperties are the properties that become a part of a record, in any schema.
var readProperties = sync.OnceValue(func() map[string]bool {
	read := make(map[string]bool)
	add := func(names ...string) {
		for _, name := range names {
			read[name] = true
		}
	}
	add(notes...)
	add("name", "alias", "weakAlias", "previousName", "abbreviation", "title", "fileName", "full", "wikidataId")
	add("birthDate", "incorporationDate", "country", "nationality", "citizenship", "jurisdiction", "description", "summary", "position")
	add("addressEntity", "organization", "parent", "involved", "organizer", "location", "date", "startDate", "endDate", "modifiedAt")
	add("sourceUrl", "publisher", "proof", "retrievedAt", "publishedAt", "author", "language", "entity", "authority", "amount", "currency")
	for _, id := range identifiers {
		add(id.property)
	}
	for l := range maps.Values(links) {
		add(l.from, l.to, l.topic)
	}
	delete(read, "")
	delete(read, "modifiedAt")
	return read
})

// identifiers are the properties whose values identify an entity, with their schemes.
var identifiers = []struct{ property, scheme string }{
	{"wikidataId", "wikidata"}, {"leiCode", "lei"}, {"imoNumber", "imo"}, {"permId", "permid"}, {"registrationNumber", "registration"},
	{"taxNumber", "tax"}, {"innCode", "inn"}, {"ogrnCode", "ogrn"}, {"vatCode", "vat"}, {"dunsCode", "duns"}, {"uniqueEntityId", "uei"},
	{"opencorporatesUrl", "opencorporates"}, {"idNumber", "id-number"}, {"passportNumber", "passport"}, {"isin", "isin"}, {"ticker", "ticker"},
	{"bvdId", "bvd"}, {"npiCode", "npi"}, {"swiftBic", "bic"}, {"callSign", "call-sign"}, {"mmsi", "mmsi"},
}

// formerStates are codes of states that ISO 3166-1 has no more, as FollowTheMoney writes
// them, with their names.
var formerStates = map[string]string{
	"suhh": "Soviet Union", "cshh": "Czechoslovakia", "cscz": "Czechoslovakia", "yucs": "Yugoslavia", "csxx": "Serbia and Montenegro",
	"ddde": "East Germany", "eu": "European Union",
}
