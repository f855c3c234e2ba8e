package written

// byNumbers reads a date of numbers alone.
func (p *parser) byNumbers(n []token) []moment {
	switch len(n) {
	case 1:
		return oneNumber(n[0])
	case 2:
		return twoNumbers(n[0], n[1])
	case 3:
		if n[1].separator != n[2].separator {
			return nil
		}
		return p.threeNumbers(n[0], n[1], n[2])
	}
	return nil
}

func oneNumber(n token) []moment {
	switch {
	case n.isYear():
		return []moment{single(day{year: n.number})}
	case n.digits == 8 && !n.isOrdinal && n.number/10000 >= 1000:
		return []moment{single(day{n.number / 10000, n.number / 100 % 100, n.number % 100})}
	case n.digits <= 2 && n.number > 0:
		m := single(day{day: n.number})
		m.isBare = true
		return []moment{m}
	}
	return nil
}

// twoNumbers reads a month and a year, or the day and the year of an interval within a
// month: "March 3-5, 2022".
func twoNumbers(a, b token) []moment {
	switch {
	case b.separator == "," || b.separator == " ":
		if a.isDay() && b.isYear() {
			return []moment{single(day{b.number, 0, a.number})}
		}
	case a.isYear() && b.separator == "-" && 21 <= b.number && b.number <= 24 && b.digits == 2:
		return bySeason(elements{season: b.number - 20, numbers: []token{a}})
	case a.isYear() && isMonth(b):
		return []moment{single(day{year: a.number, month: b.number})}
	case isMonth(a) && b.isYear():
		return []moment{single(day{year: b.number, month: a.number})}
	}
	return nil
}

func isMonth(t token) bool { return t.isDay() && !t.isOrdinal && t.number <= 12 }

// threeNumbers reads a day, a month and a year. A year of four digits before them is
// followed by the month.
func (p *parser) threeNumbers(a, b, c token) (all []moment) {
	add := func(order Order, day_, month, year token) {
		if !day_.isDay() || !isMonth(month) {
			return
		}
		for _, y := range p.years(year) {
			m := single(day{y, month.number, day_.number})
			m.order = order
			all = append(all, m)
		}
	}
	if a.isYear() {
		add(AnyOrder, c, b, a)
		return all
	}
	if p.options.Order != MDY {
		add(DMY, a, b, c)
	}
	if p.options.Order != DMY {
		add(MDY, b, a, c)
	}
	if p.options.Order == AnyOrder && a.digits == 2 && c.digits == 2 {
		add(ymd, c, b, a)
	}
	return all
}

// isWholeNumber reports whether a text is three numbers with one separator, which is no
// interval.
func isWholeNumber(s string) bool {
	tokens, ok := scan(s)
	return ok && len(tokens) == 3 && tokens[0].word+tokens[1].word+tokens[2].word == "" && tokens[1].separator == tokens[2].separator
}
