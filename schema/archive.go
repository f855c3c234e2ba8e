package schema

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Archive is a copy of a document in an archive, such as the Wayback Machine.
type Archive struct {
	URL string // its address
	On  string // the day on which it was made, as written (see [When]); empty if that is not stated
}

// Made returns the day on which the copy was made: On, or else the day in its address.
func (a Archive) Made() string {
	if day, ok := a.stamp(); ok && a.On == "" {
		return day.String()
	}
	return a.On
}

// stampOfArchive matches the moment in the address of an archived copy, in UTC: 14 digits,
// or 8 and 6 digits with dots as archive.today writes them. An address with fewer digits
// leads to the copy nearest to a day, so it does not say when that copy was made.
var stampOfArchive = lazyRegexp(`^(\d{4})\.?(\d\d)\.?(\d\d)-?\d{6}([a-z]{2}_)?$`)

// stamp returns the day in the address of a copy at an archive of web pages.
func (a Archive) stamp() (Day, bool) {
	u, err := url.Parse(a.URL)
	if err != nil || !isArchiveHost(u.Hostname()) {
		return 0, false
	}
	for part := range strings.SplitSeq(u.EscapedPath(), "/") {
		if m := stampOfArchive().FindStringSubmatch(part); m != nil {
			day, err := ParseDay(strings.Join(m[1:4], "-"))
			return day, err == nil
		}
	}
	return 0, false
}

// archiveHosts are hosts that keep copies of web pages, or domains of such hosts.
var archiveHosts = []string{"archive.org", "archive.today", "archive.ph", "archive.is", "archive.li", "archive.md", "archive.vn", "archive.fo",
	"perma.cc", "webcitation.org", "ghostarchive.org", "archive-it.org", "webarchive.nationalarchives.gov.uk", "webarchive.loc.gov",
	"webarchive.org.uk", "arquivo.pt", "megalodon.jp", "timetravel.mementoweb.org"}

func isArchiveHost(host string) bool {
	return slices.ContainsFunc(archiveHosts, func(known string) bool {
		return host == known || strings.HasSuffix(host, "."+known)
	})
}

// isAtArchive reports whether a text is a web address at an archive of web pages.
func isAtArchive(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && isArchiveHost(u.Hostname())
}

// Copies divides the addresses of a document: the address of the original, which may be
// empty, its archived copies, and its identifiers that are no address of a copy. Besides
// Archived, an address at a known archive of web pages is a copy, as URL or identifier,
// and so is any web address after "archive:" in an identifier.
func (d Document) Copies() (original string, copies []Archive, identifiers []string) {
	add := func(a Archive) {
		if a.URL != "" && !slices.ContainsFunc(copies, func(b Archive) bool { return a.URL == b.URL }) {
			copies = append(copies, a)
		}
	}
	add(d.Archived)
	if isAtArchive(d.URL) {
		add(Archive{URL: d.URL})
	} else {
		original = d.URL
	}
	for _, id := range d.Identifiers {
		address, marked := strings.CutPrefix(id, "archive:")
		if isAtArchive(address) || marked && isWebAddress(address) {
			add(Archive{URL: address})
		} else {
			identifiers = append(identifiers, id)
		}
	}
	return original, copies, identifiers
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Check returns the error of a malformed copy, which wraps [ErrEntity] or [ErrDate]. The
// zero Archive has none.
func (a Archive) Check() error {
	switch {
	case a.URL == "" && a.On != "":
		return fmt.Errorf("%w: an archived copy of %s without an address", ErrEntity, a.On)
	case a.URL != "" && (!isAddress(a.URL) || strings.HasPrefix(a.URL, "http") && !isWebAddress(a.URL)):
		return fmt.Errorf("%w: %q is no address of an archived copy, such as https://web.archive.org/web/…", ErrEntity, a.URL)
	case a.On == "":
		return nil
	}
	if _, _, err := Window(a.On); err != nil {
		return err
	}
	return a.checkStamp()
}

// checkCopies returns the first error in the archived copy of a document and in the day
// of access.
func (d Document) checkCopies() error {
	if err := d.Archived.Check(); err != nil {
		return fmt.Errorf("%s: %w", d.ID, err)
	}
	if d.Accessed == "" {
		return nil
	}
	_, _, err := Window(d.Accessed)
	return err
}

// checkStamp returns an error if the day of the copy is not the day in its address. The
// two may differ by one day, since the address counts days in UTC.
func (a Archive) checkStamp() error {
	day, ok := a.stamp()
	if !ok || a.On == "" {
		return nil
	}
	first, last, err := Window(a.On)
	if err == nil && (day < first-1 || day > last+1) {
		return fmt.Errorf("%w %q: the address of the archived copy has another day, %v: %q", ErrDate, a.On, day, a.URL)
	}
	return err
}

// Later returns the later of two written dates; an empty date is before all others.
func Later(a, b string) string {
	day := func(written string) Day {
		_, last, err := Window(written)
		if written == "" || err != nil {
			return MinDay
		}
		return last
	}
	if day(b) > day(a) || day(b) == day(a) && b > a {
		return b
	}
	return a
}
