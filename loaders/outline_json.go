package loaders

import "bytes"

// jsonOutliner finds the entries of a JSON object, byte by byte. A block of items is
// of whole lines. It ends after a comma and a line break between two items, or with
// the line in which a list ends; if another list begins in that line, the block goes
// on with it.
type jsonOutliner struct {
	outline
	state     jsonState
	at        int64  // the offset of the byte that is being read
	lineStart int64  // the offset of its line
	head      []byte // the text of the entry, without items, after as many spaces as bytes before it in its line
	name      int    // where the name of the entry begins in head
	depth     int    // of brackets in the value
	isQuoted  bool   // within quotes in the value
	isEscaped bool   // after a backslash there
	isAfter   bool   // only spaces since a comma between two items
	isOpen    bool   // the last block has not ended
}

// jsonState is what comes next.
type jsonState uint8

const (
	beforeObject jsonState = iota
	beforeFirstKey
	beforeKey
	inKey
	beforeColon
	beforeValue
	inScalar // a number, true, false or null
	inValue  // a text, an array or an object
	inList
	afterValue
	afterObject
)

func (o *jsonOutliner) add(chunk []byte, offset int64) error {
	if o.state == beforeObject {
		o.lineStart = offset
	}
	for i := 0; i < len(chunk); i++ {
		if o.state == inList && !o.isEscaped && !o.isAfter {
			i += insignificant(chunk[i:], o.isQuoted)
			if i == len(chunk) {
				break
			}
		}
		o.at = offset + int64(i)
		if err := o.step(chunk[i]); err != nil {
			return err
		}
		if chunk[i] == '\n' {
			o.endLine(o.at + 1)
		}
	}
	return nil
}

// insignificant counts the bytes before the next one that changes the state within a
// list.
func insignificant(text []byte, isQuoted bool) int {
	for i, b := range text {
		switch b {
		case '"', '\n':
			return i
		case '\\':
			if isQuoted {
				return i
			}
		case '[', ']', '{', '}', ',':
			if !isQuoted {
				return i
			}
		}
	}
	return len(text)
}

// endLine ends a line before an offset.
func (o *jsonOutliner) endLine(offset int64) {
	o.line, o.lineStart = o.line+1, offset
	isFull := o.isAfter && offset-o.block().offset >= int64(o.size)
	if o.isOpen && (isFull || o.state != inList) {
		o.endBlock(offset)
		o.isOpen = false
	}
	if isFull {
		o.isAfter = false
		o.beginPart(&jsonItems{to: -1})
	}
}

// beginPart adds a part to the open block, or begins a block with it.
func (o *jsonOutliner) beginPart(part *jsonItems) {
	if o.isOpen {
		o.addPart(part)
	} else {
		o.beginBlock(o.lineStart, o.line, part)
		o.isOpen = true
	}
	part.line, part.lineStart = o.line, int(o.lineStart-o.block().offset)
}

func (o *jsonOutliner) finish(size int64) (entries []*mappingEntry, items []*block, err error) {
	if o.state != afterObject {
		return nil, nil, errUndivided
	}
	if o.isOpen {
		o.endBlock(size)
	}
	return o.entries, o.blocks, nil
}

func (o *jsonOutliner) step(b byte) error {
	switch o.state {
	case inKey, inScalar, inValue, inList:
		return o.stepInside(b)
	}
	if b == ' ' || b == '\n' || b == '\r' || b == '\t' {
		if o.state == beforeColon || o.state == beforeValue {
			return o.keep(b)
		}
		return nil
	}
	return o.stepBetween(b)
}

// stepBetween reads a byte that is no space, outside of keys and values.
func (o *jsonOutliner) stepBetween(b byte) error {
	switch {
	case o.state == beforeObject && b == '{':
		o.state = beforeFirstKey
	case (o.state == beforeFirstKey || o.state == beforeKey) && b == '"':
		return o.beginKey()
	case o.state == beforeColon && b == ':':
		o.state = beforeValue
		return o.keep(b)
	case o.state == beforeValue:
		return o.beginValue(b)
	case o.state == afterValue && b == ',':
		o.state = beforeKey
	case (o.state == beforeFirstKey || o.state == afterValue) && b == '}':
		o.state = afterObject
	default:
		return errUndivided
	}
	return nil
}

// keep adds a byte to the text of the entry.
func (o *jsonOutliner) keep(b byte) error {
	if o.head = append(o.head, b); len(o.head) > maxEntry {
		return errUndivided
	}
	return nil
}

func (o *jsonOutliner) beginKey() error {
	before := o.at - o.lineStart
	if before > maxEntry {
		return errUndivided
	}
	o.state, o.head = inKey, append(o.head[:0], bytes.Repeat([]byte{' '}, int(before))...)
	o.name = len(o.head)
	return o.keep('"')
}

func (o *jsonOutliner) endKey() error {
	o.state = beforeColon
	return o.begin(string(o.head[o.name+1:len(o.head)-1]), o.line)
}

// beginValue begins the value of the last entry.
func (o *jsonOutliner) beginValue(b byte) error {
	o.depth, o.state = 0, inScalar
	switch {
	case b == '[' && isList(o.entry().name):
		part := &jsonItems{begin: true, to: -1}
		o.beginPart(part)
		part.from = int(o.at - o.block().offset)
		o.endEntry("null")
		o.state = inList
	case b == '[' || b == '{' || b == '"':
		o.state = inValue
	}
	return o.stepInside(b)
}

// endEntry ends the text of the entry.
func (o *jsonOutliner) endEntry(more string) {
	e := o.entry()
	e.at, e.source.text = o.name, string(o.head)+more
}

// stepInside reads a byte of a key or a value.
func (o *jsonOutliner) stepInside(b byte) error {
	switch o.state {
	case inKey:
		err := o.keep(b)
		if b == '"' && err == nil {
			err = o.endKey()
		}
		return err
	case inScalar:
		if b != ',' && b != '}' && b != ' ' && b != '\n' && b != '\r' && b != '\t' {
			return o.keep(b)
		}
		o.endEntry("")
		o.state = afterValue
		return o.step(b)
	case inValue:
		err := o.keep(b)
		if o.count(b) {
			o.endEntry("")
			o.state = afterValue
		}
		return err
	}
	return o.stepInList(b)
}

func (o *jsonOutliner) stepInList(b byte) error {
	if o.count(b) {
		parts := o.block().layout.(*itemsLayout).parts
		part := parts[len(parts)-1].items.(*jsonItems)
		part.to, part.end = int(o.at+1-o.block().offset), true
		o.state, o.isAfter = afterValue, false
	} else if o.depth == 1 && !o.isQuoted && b == ',' {
		o.isAfter = true
	} else if o.isAfter && b != ' ' && b != '\n' && b != '\r' && b != '\t' {
		o.isAfter = false
	}
	return nil
}

// count counts brackets and quotes, and reports whether the value ends with a byte.
func (o *jsonOutliner) count(b byte) (ends bool) {
	switch {
	case o.isEscaped:
		o.isEscaped = false
	case b == '"':
		o.isQuoted = !o.isQuoted
		return !o.isQuoted && o.depth == 0
	case o.isQuoted:
		o.isEscaped = b == '\\'
	case b == '[' || b == '{':
		o.depth++
	case b == ']' || b == '}':
		o.depth--
		return o.depth == 0
	}
	return false
}

// parseJSON parses an entry of a JSON object.
func (e *mappingEntry) parseJSON() (key text, value *node, err error) {
	var s jsonScanner
	s.reset(e.source.text, e.source.firstLine)
	s.i = e.at
	key, ok := s.key()
	if ok {
		value = s.value(1)
	}
	if value == nil || !s.atEnd() {
		return key, nil, errUndivided
	}
	return key, value, nil
}

// jsonItems is the place of some elements of an array in the text of a block.
type jsonItems struct {
	from, to        int  // where they begin and end; to is -1 for the end of the text
	begin, end      bool // with the opening bracket, and with the closing one
	line, lineStart int  // the line in which they begin, and its offset
}

func (i *jsonItems) readItems(p *parser, read func(*node)) error {
	text := p.source.text
	if i.to >= 0 {
		text = text[:i.to]
	}
	p.scanner.reset(text, i.line)
	p.scanner.i, p.scanner.start = i.from, i.lineStart
	if p.scanner.elements(i.begin, i.end, 2, read) {
		return nil
	}
	return &itemsError{p.source.file, p.source.file.jsonError()}
}
