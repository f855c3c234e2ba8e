package match

import "sync"

// soundDistance returns what it costs to change one sound key into another: 1 for a
// consonant that is another one, less where romanizations differ.
func soundDistance(a, b string) float64 {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a) > 48 {
		a = a[:48]
	}
	if len(b) > 48 {
		b = b[:48]
	}
	var rows [2][49]float64
	before, row := &rows[0], &rows[1]
	for j := range b {
		before[j+1] = before[j] + dropCost(b, j)
	}
	for i := range a {
		row[0] = before[0] + dropCost(a, i)
		for j := range b {
			row[j+1] = min(before[j]+swapCost(a, b, i, j), before[j+1]+dropCost(a, i), row[j]+dropCost(b, j))
		}
		before, row = row, before
	}
	return before[len(b)]
}

// dropCost is the cost of leaving out a sound of a word.
func dropCost(word string, i int) float64 {
	last := i == len(word)-1
	switch b := word[i]; {
	case i == 0 && b != 'h' && b != 'j' && b != 'i' && len(word) > 1:
		if isVowel(b) {
			return 0.8
		}
		return 1.5
	case b == 'h':
		return 0.25
	case b == 'a' && last:
		return 1.3 // Daniel and Daniela are two people
	case b == 'o' && last, b == 'e' && last:
		return 0.8
	case b == 'j':
		return 0.5
	case b == 'i':
		return 0.4
	case isVowel(b):
		return 0.5
	case i > 0 && word[i-1] == b:
		return 0.1
	}
	return 1
}

// swapCost is the cost of another sound in its place.
func swapCost(a, b string, i, j int) float64 {
	x, y := a[i], b[j]
	if x == y {
		return 0
	}
	cost := related(x, y)
	if i == 0 && j == 0 && cost == 1 {
		return 1.5 // other beginnings are other names
	}
	if i == len(a)-1 && j == len(b)-1 && (x == 'a' || y == 'a') && isVowel(x) && isVowel(y) {
		return 1.2 // Mario and Maria are two people
	}
	return cost
}

// related is how far apart two sounds are, from 0 to 1.
func related(x, y byte) float64 {
	if cost := relations()[x%128][y%128]; cost > 0 {
		return cost
	}
	if isVowel(x) && isVowel(y) {
		return 0.8
	}
	return 1
}

// relations are the costs of sounds that romanizations and related languages exchange.
var relations = sync.OnceValue(func() *[128][128]float64 {
	all := new([128][128]float64)
	for _, r := range []struct {
		cost  float64
		pairs string
	}{
		{0.15, "Jj Sc"},
		{0.3, "gk kq gq Xk Xh dt pb vf bv fp ei ou sz ij iy sc sS cC zZ zc JZ JC jZ jC jC kC gh gX sC cS jz zS SZ CS"},
		{0.45, "Ch ue ae hX kh ao jJ gj gJ kc tC ks XC zJ tc"},
		{0.6, "mn lr ui eo"},
	} {
		for i := 0; i < len(r.pairs); i += 3 {
			x, y := r.pairs[i], r.pairs[i+1]
			all[x][y], all[y][x] = r.cost, r.cost
		}
	}
	return all
})

// jaroWinkler returns the similarity of Jaro and Winkler of two words: Winkler, String
// Comparator Metrics and Enhanced Decision Rules (1990), with a prefix of up to four
// letters at 0.1 each. It compares words in scripts without a romanization.
func jaroWinkler(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	reach := max(0, max(len(a), len(b))/2-1)
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	same := 0
	for i, r := range a {
		for j := max(0, i-reach); j < min(len(b), i+reach+1); j++ {
			if !usedB[j] && b[j] == r {
				usedA[i], usedB[j] = true, true
				same++
				break
			}
		}
	}
	if same == 0 {
		return 0
	}
	m := float64(same)
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(transposed(a, b, usedA, usedB))/2)/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

// transposed counts the matched letters that are in another order.
func transposed(a, b []rune, usedA, usedB []bool) (n int) {
	j := 0
	for i := range a {
		if !usedA[i] {
			continue
		}
		for !usedB[j] {
			j++
		}
		if a[i] != b[j] {
			n++
		}
		j++
	}
	return n
}
