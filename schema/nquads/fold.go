package nquads

import "bytes"

// Abbreviate is the inverse of [Expand] for the text of an IRI. It returns the
// prefix and the rest of the short IRI. For any other IRI the prefix is empty and
// the rest is the IRI itself.
func Abbreviate(iri []byte) (prefix string, rest []byte) {
	if local, ok := bytes.CutPrefix(iri, []byte(urn)); ok {
		if colon := bytes.IndexByte(local, ':'); colon < 0 && len(local) > 0 || colon >= 0 && isOurPrefixText(local[:colon]) {
			return "", local
		}
		return "", iri
	}
	if len(iri) < 29 || !bytes.HasPrefix(iri, []byte("http://www.w3.org/")) {
		return "", iri
	}
	for _, ns := range standardNamespaces {
		if local, ok := bytes.CutPrefix(iri, ns.namespace); ok {
			return ns.prefix, local
		}
	}
	return "", iri
}

// isOurPrefixText is [isOurPrefix] for bytes.
func isOurPrefixText(prefix []byte) bool {
	if len(prefix) >= len(ourPrefixesByLength) {
		return false
	}
	for _, p := range ourPrefixesByLength[len(prefix)] {
		if string(prefix) == p {
			return true
		}
	}
	return false
}

var ourPrefixesByLength = func() (all [16][]string) {
	for prefix := range ourPrefixes {
		all[len(prefix)] = append(all[len(prefix)], prefix)
	}
	return all
}()

var standardNamespaces = func() (all []struct {
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
