package nquads

import "bytes"

// Fold is the inverse of [Expand] for the text of an IRI: it returns the prefix
// and the rest of a short IRI, together the whole one. Other IRIs come back as
// they are, after an empty prefix.
func Fold(iri []byte) (prefix string, rest []byte) {
	if local, ok := bytes.CutPrefix(iri, []byte(urn)); ok {
		if before, _, ok := bytes.Cut(local, []byte(":")); !ok && len(local) > 0 || ok && ourPrefixes[string(before)] {
			return "", local
		}
		return "", iri
	}
	if len(iri) < 29 || !bytes.HasPrefix(iri, []byte("http://www.w3.org/")) {
		return "", iri
	}
	for _, ns := range folded {
		if local, ok := bytes.CutPrefix(iri, ns.namespace); ok {
			return ns.prefix, local
		}
	}
	return "", iri
}

var folded = func() (all []struct {
	prefix    string
	namespace []byte
}) {
	for prefix, namespace := range namespaces {
		all = append(all, struct {
			prefix    string
			namespace []byte
		}{prefix + ":", []byte(namespace)})
	}
	return all
}()
