package mapping

import (
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// Codes counts the forms of the codes of CAMEO in a field. Spreadsheets remove leading
// zeros, and then 10 may be the code 10 or 010, which have different verbs.
type Codes struct {
	Zeros int   // codes that have a leading zero
	Long  int   // codes of three or four digits without one
	Lost  int   // codes that lack a leading zero for certain
	Short int   // codes from 10 to 20, which may lack one
	First Value // the first of these
}

var (
	decimal = pattern.New(`^[0-9]+[.,]0+$`)
	short   = pattern.New(`^(1[0-9]|20)$`)
	lacking = pattern.New(`^([1-9]|2[1-9]|[3-9][0-9]|2[1-9][0-9]|[3-9][0-9][0-9])$`)
)

// bare returns a code without the decimals that a spreadsheet adds to numbers.
func bare(code string) (text string, isDecimal bool) {
	if decimal().MatchString(code) {
		return code[:strings.IndexAny(code, ".,")], true
	}
	return code, false
}

// cameo returns a code with the leading zeros that it lacks, where the mapping says how
// many digits codes have at least.
func (e *computed) cameo(code string) string {
	code, _ = bare(code)
	if e.digits == 0 || strings.Trim(code, "0123456789") != "" || code == "" {
		return code
	}
	code = strings.Repeat("0", max(0, e.digits-len(code))) + code
	if lacking().MatchString(code) {
		code = "0" + code
	}
	return code
}

// withDigits adds to the error of a code without its zero how to restore it.
func withDigits(err error) error {
	if err == nil {
		return nil
	}
	return schema.WithHint(err, func() string {
		return schema.Hint(err) + "; or write digits: 3 beside cameo: in the mapping, or digits: 2 if all codes are roots"
	})
}

// add counts a code, which may be an error. It reports whether the code lacks a zero.
func (c *Codes) add(v Value, err error) bool {
	lost := c.Lost
	code, isDecimal := bare(v.Text)
	switch {
	case short().MatchString(code):
		if c.Short++; c.Short == 1 {
			c.First = v
			c.First.Text = strings.Clone(code)
		}
		if isDecimal {
			c.Lost++
		}
	case lacking().MatchString(code), isDecimal && !strings.HasPrefix(code, "0"):
		c.Lost++
	case err != nil:
	case strings.HasPrefix(code, "0"):
		c.Zeros++
	case len(code) > 2:
		c.Long++
	}
	return c.Lost > lost
}

func (c *Codes) merge(other *Codes) {
	if c.Short == 0 {
		c.First = other.First
	}
	c.Zeros, c.Long, c.Lost, c.Short = c.Zeros+other.Zeros, c.Long+other.Long, c.Lost+other.Lost, c.Short+other.Short
}

// AreAmbiguous reports whether the codes from 10 to 20 may lack a zero: others do, or
// none has one although some have three digits.
func (c *Codes) AreAmbiguous() bool {
	return c.Short > 0 && (c.Lost > 0 || c.Zeros == 0 && c.Long > 0)
}

// AreRoots reports whether all codes are from 10 to 20. They are read as they are.
func (c *Codes) AreRoots() bool { return c.Short > 0 && c.Zeros+c.Long+c.Lost == 0 }
