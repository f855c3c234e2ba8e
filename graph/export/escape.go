package export

import "unicode/utf8"

// replacement stands for a character that a format cannot hold.
const replacement = "\uFFFD"

// xmlEscapes are the escapes of ASCII characters in XML; an empty string means that the
// character stands for itself.
var xmlEscapes = func() (table [utf8.RuneSelf]string) {
	for c := range ' ' {
		table[c] = replacement
	}
	table['\t'], table['\n'], table['\r'] = "&#9;", "&#10;", "&#13;"
	table['&'], table['<'], table['>'], table['"'] = "&amp;", "&lt;", "&gt;", "&quot;"
	return table
}()

// appendXML appends text to dst, escaped for an XML 1.0 element and for an attribute in
// double quotes alike, so that every reader gets the text back. Characters that XML 1.0
// cannot hold (most control characters, U+FFFE, U+FFFF) and bytes that are no UTF-8 are
// replaced by U+FFFD; their number is returned. The line breaks U+0085 and U+2028 are
// escaped because some readers of XML 1.0 take them for "\n".
func appendXML(dst []byte, text string) (escaped []byte, replaced int) {
	start := 0
	for i := 0; i < len(text); {
		escape, size := "", 1
		if c := text[i]; c < utf8.RuneSelf {
			escape = xmlEscapes[c]
		} else {
			escape, size = escapeRune(text[i:])
		}
		if escape == "" {
			i += size
			continue
		}
		if escape == replacement {
			replaced++
		}
		dst = append(append(dst, text[start:i]...), escape...)
		i += size
		start = i
	}
	return append(dst, text[start:]...), replaced
}

// escapeRune returns the XML escape of the first character of text, which is not ASCII,
// and its length in bytes.
func escapeRune(text string) (escape string, size int) {
	r, size := utf8.DecodeRuneInString(text)
	switch {
	case r == utf8.RuneError && size == 1, r == 0xFFFE, r == 0xFFFF:
		return replacement, size
	case r == 0x85:
		return "&#x85;", size
	case r == 0x2028:
		return "&#x2028;", size
	}
	return "", size
}

// jsonEscapes are the escapes of ASCII characters in JSON; an empty string means that
// the character stands for itself.
var jsonEscapes = func() (table [utf8.RuneSelf]string) {
	const hex = "0123456789abcdef"
	for _, c := range []byte("<>&\x7f") {
		table[c] = `\u00` + string(hex[c>>4]) + string(hex[c&15])
	}
	for c := range ' ' {
		table[c] = `\u00` + string(hex[c>>4]) + string(hex[c&15])
	}
	table['\t'], table['\n'], table['\r'] = `\t`, `\n`, `\r`
	table['"'], table['\\'] = `\"`, `\\`
	return table
}()

// appendJSON appends text to dst as a JSON string. The string also stands safely in a
// script of an HTML page, since "<", ">", "&" and the line breaks of JavaScript are
// escaped. Bytes that are no UTF-8 are replaced by U+FFFD.
func appendJSON(dst []byte, text string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(text); {
		escape, size := "", 1
		if c := text[i]; c < utf8.RuneSelf {
			escape = jsonEscapes[c]
		} else {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				escape = replacement
			case r == 0x2028:
				escape = `\u2028`
			case r == 0x2029:
				escape = `\u2029`
			}
		}
		if escape != "" {
			dst = append(append(dst, text[start:i]...), escape...)
			start = i + size
		}
		i += size
	}
	return append(append(dst, text[start:]...), '"')
}
