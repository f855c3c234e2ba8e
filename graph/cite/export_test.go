package cite

// For the tests of this package.
var (
	BibText        = bibText
	BibAddress     = bibAddress
	OneLine        = oneLine
	CompareNatural = compareNatural
	KeyOf          = key
)
