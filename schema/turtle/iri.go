package turtle

import "strings"

// reference is an IRI in its parts (RFC 3986, section 3).
type reference struct {
	scheme, authority, path, query, fragment string // each with its marks
}

// isAbsolute reports whether an IRI begins with a scheme.
func isAbsolute(iri string) bool {
	colon := strings.IndexByte(iri, ':')
	if colon < 1 || !isLetter(iri[0]) {
		return false
	}
	for i := range colon {
		if c := iri[i]; !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func split(iri string) (r reference) {
	if isAbsolute(iri) {
		n := strings.IndexByte(iri, ':') + 1
		r.scheme, iri = iri[:n], iri[n:]
	}
	if n := strings.IndexByte(iri, '#'); n >= 0 {
		iri, r.fragment = iri[:n], iri[n:]
	}
	if n := strings.IndexByte(iri, '?'); n >= 0 {
		iri, r.query = iri[:n], iri[n:]
	}
	if strings.HasPrefix(iri, "//") {
		n := strings.IndexByte(iri[2:], '/') + 2
		if n < 2 {
			n = len(iri)
		}
		r.authority, iri = iri[:n], iri[n:]
	}
	r.path = iri
	return r
}

// resolve returns the IRI that a relative IRI means, by section 5.2 of RFC 3986.
func resolve(base, iri string) string {
	b, r := split(base), split(iri)
	r.scheme = b.scheme
	switch {
	case r.authority != "":
		r.path = withoutDots(r.path)
	case r.path == "":
		r.authority, r.path = b.authority, b.path
		if r.query == "" && !strings.HasPrefix(iri, "?") {
			r.query = b.query
		}
	default:
		r.authority = b.authority
		switch {
		case r.path[0] == '/':
		case b.authority != "" && b.path == "":
			r.path = "/" + r.path
		default:
			r.path = b.path[:strings.LastIndexByte(b.path, '/')+1] + r.path
		}
		r.path = withoutDots(r.path)
	}
	return r.scheme + r.authority + r.path + r.query + r.fragment
}

// withoutDots removes the segments . and .. of a path.
func withoutDots(path string) string {
	if path == "" {
		return ""
	}
	var out []string
	segments := strings.Split(path, "/")
	for i, s := range segments {
		isLast := i == len(segments)-1
		switch s {
		case ".":
			if isLast {
				out = append(out, "")
			}
		case "..":
			if len(out) > 1 || len(out) == 1 && out[0] != "" {
				out = out[:len(out)-1]
			}
			if isLast {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}
