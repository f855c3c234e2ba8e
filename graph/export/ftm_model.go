package export

import (
	"slices"
	"sync"

	"github.com/entente-kg/entente/schema"
)

// ftmSchemas are the schemas of entities by kind.
var ftmSchemas = sync.OnceValue(func() map[schema.Kind]string {
	return map[schema.Kind]string{schema.Person: "Person", schema.Post: "Position", schema.Institution: "Organization", schema.Group: "LegalEntity",
		schema.Country: "PublicBody", schema.Place: "Address", schema.Gathering: "Event", schema.Doc: "Document", schema.Thing: "Asset"}
})

// ftmParents are the schemas from which others descend. All descend from Thing.
var ftmParents = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"Person": {"LegalEntity"}, "LegalEntity": nil, "Organization": {"LegalEntity"}, "PublicBody": {"Organization"}, "Company": {"Organization", "Asset"},
		"Position": nil, "Address": nil, "Event": nil, "Trip": {"Event"},
		"Asset": nil, "Vehicle": {"Asset"}, "Vessel": {"Vehicle"}, "Airplane": {"Vehicle"}, "BankAccount": {"Asset"}, "Contract": {"Asset"}, "License": {"Contract"},
		"RealEstate": {"Asset"}, "Security": {"Asset"}, "CourtCase": nil, "CryptoWallet": nil, "Project": nil, "UserAccount": nil,
		"Document": nil, "Article": {"Document"}, "Audio": {"Document"}, "HyperText": {"Document"}, "Image": {"Document"}, "PlainText": {"Document"},
		"Pages": {"Document"}, "Table": {"Document"}, "Video": {"Document"}, "Workbook": {"Document"}, "Email": {"Document"},
	}
})

// ftmIsA reports whether a schema is another one or descends from it.
func ftmIsA(name, other string) bool {
	return name == other || other == "Thing" && name != "" ||
		slices.ContainsFunc(ftmParents()[name], func(parent string) bool { return ftmIsA(parent, other) })
}

// ftmFits reports whether an entity of a kind can have a schema.
func ftmFits(kind schema.Kind, name string) bool {
	if _, known := ftmParents()[name]; !known {
		return false
	}
	switch kind {
	case schema.Institution:
		return name != "Person" && ftmIsA(name, "LegalEntity")
	case schema.Thing:
		return ftmIsA(name, "Asset") && name != "Company" || slices.Contains([]string{"CourtCase", "CryptoWallet", "Project", "UserAccount"}, name)
	}
	return ftmIsA(name, ftmSchemas()[kind])
}

// ftmIdentifiers are the properties of identifiers, by their schemes.
var ftmIdentifiers = sync.OnceValue(func() map[string]string {
	return map[string]string{"wikidata": "wikidataId", "lei": "leiCode", "imo": "imoNumber", "permid": "permId", "registration": "registrationNumber",
		"tax": "taxNumber", "inn": "innCode", "ogrn": "ogrnCode", "vat": "vatCode", "duns": "dunsCode", "uei": "uniqueEntityId", "id-number": "idNumber",
		"passport": "passportNumber", "isin": "isin", "bic": "swiftBic", "mmsi": "mmsi", "opencorporates": "opencorporatesUrl", "bvd": "bvdId",
		"npi": "npiCode", "ticker": "ticker", "call-sign": "callSign"}
})

// ftmProperties are properties of identifiers, and those that a line of a description may
// give, by the highest schemas that have them.
var ftmProperties = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"Thing": {"description", "summary", "notes", "country"},
		"LegalEntity": {"leiCode", "registrationNumber", "taxNumber", "innCode", "ogrnCode", "vatCode", "dunsCode", "uniqueEntityId", "opencorporatesUrl",
			"idNumber", "bvdId", "npiCode", "swiftBic", "incorporationDate", "jurisdiction"},
		"Organization": {"imoNumber", "permId"},
		"Company":      {"ticker"},
		"Person":       {"passportNumber", "position", "birthDate", "nationality", "citizenship"},
		"Vehicle":      {"registrationNumber"},
		"Vessel":       {"imoNumber", "callSign", "mmsi"},
		"RealEstate":   {"registrationNumber"},
		"Security":     {"registrationNumber", "isin", "ticker"},
	}
})

// ftmHas reports whether a schema has one of the ftmProperties.
func ftmHas(name, property string) bool {
	for holder, has := range ftmProperties() {
		if slices.Contains(has, property) && ftmIsA(name, holder) {
			return true
		}
	}
	return false
}

// ftmLink is the schema of the links of a verb, and its properties for the subject and the
// object.
type ftmLink struct {
	schema, subject, object   string
	subjectRange, objectRange string   // the schemas that the properties refer to
	topic                     string   // the property that says in what role
	more                      []string // properties that a note may give, besides those of every link
}

// ftmUnknown is the link of a relation that has no schema of its own.
func ftmUnknown() ftmLink {
	return ftmLink{schema: "UnknownLink", subject: "subject", object: "object", subjectRange: "Thing", objectRange: "Thing", topic: "role", more: []string{"role", "status"}}
}

// ftmLinks are the verbs that FollowTheMoney has a schema for. Those of interactions are of
// facts alone that were read from FollowTheMoney: another fact is an Event, which has its
// place and its documents.
var ftmLinks = sync.OnceValue(func() map[schema.Verb]ftmLink {
	amounts := []string{"amount", "amountEur", "amountUsd", "currency"}
	interest := []string{"role", "status"}
	family := ftmLink{"Family", "person", "relative", "Person", "Person", "relationship", []string{"relationship"}}
	director := ftmLink{"Directorship", "director", "organization", "LegalEntity", "Organization", "role", append(interest, "secretary")}
	return map[schema.Verb]ftmLink{
		"holds-post":        {"Occupancy", "holder", "post", "Person", "Position", "", []string{"status"}},
		"works-at":          {"Employment", "employee", "employer", "Person", "Organization", "role", interest},
		"director-of":       director,
		"leads":             director,
		"member-of":         {"Membership", "member", "organization", "LegalEntity", "Organization", "role", interest},
		"represents":        {"Representation", "agent", "client", "LegalEntity", "LegalEntity", "role", interest},
		"owns":              {"Ownership", "owner", "asset", "LegalEntity", "Asset", "role", append(interest, "percentage", "sharesCount", "sharesValue", "sharesCurrency", "sharesType", "ownershipType", "legalBasis")},
		"spouse-of":         family,
		"parent-of":         family,
		"relative-of":       family,
		"associate-of":      {"Associate", "person", "associate", "Person", "Person", "relationship", []string{"relationship"}},
		"predecessor-of":    {"Succession", "predecessor", "successor", "LegalEntity", "LegalEntity", "role", interest},
		"under-sanction-by": {"Sanction", "entity", "", "Thing", "Thing", "", []string{"status", "country", "authorityId", "unscId", "listingDate", "program", "programId", "programUrl", "provisions", "reason", "duration"}},
		"paid":              {"Payment", "payer", "beneficiary", "LegalEntity", "LegalEntity", "purpose", append(amounts, "purpose")},
		"called":            {"Call", "caller", "receiver", "LegalEntity", "LegalEntity", "", []string{"duration"}},
	}
})

// ftmOwnLinks are schemas of links whose verb has another schema, too: a note names them,
// or the schema of their object does.
var ftmOwnLinks = sync.OnceValue(func() map[string]ftmLink {
	amounts := []string{"amount", "amountEur", "amountUsd", "currency"}
	interest := []string{"role", "status"}
	return map[string]ftmLink{
		"Debt":          {"Debt", "debtor", "creditor", "LegalEntity", "LegalEntity", "", amounts},
		"Documentation": {"Documentation", "document", "entity", "Document", "Thing", "role", interest},
		"Contract":      {"ContractAward", "supplier", "contract", "LegalEntity", "Contract", "role", append(amounts, interest...)},
		"CourtCase":     {"CourtCaseParty", "party", "case", "Thing", "CourtCase", "role", interest},
		"Project":       {"ProjectParticipant", "participant", "project", "LegalEntity", "Project", "role", interest},
	}
})
