package quadfile_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// FuzzBlock decodes arbitrary bytes as a block of each kind. The memory for the
// entries is proportional to the size of the block. The entries of a sound block
// can be packed again.
func FuzzBlock(f *testing.F) {
	for i := range 3 {
		for _, b := range sampleBlocks() {
			f.Add(uint8(i), b[0], b[1])
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, key, value []byte) {
		if err := quadfile.FindEach(key, value); err != nil {
			t.Fatal(err)
		}
		decode := []func(key, value []byte) (int, int, [][2][]byte, error){quadfile.DecodeTuples, quadfile.DecodeNames, quadfile.DecodeKeys}[kind%3]
		n, size, again, err := decode(key, value)
		if limit := 600 * (len(key) + len(value)); size > limit {
			t.Fatalf("%d bytes became %d", len(key)+len(value), size)
		}
		if err != nil || n == 0 {
			return
		}
		total := 0
		for _, b := range again {
			n, _, _, err := decode(b[0], b[1])
			if err != nil {
				t.Fatal(err)
			}
			total += n
		}
		if total != n {
			t.Fatalf("%d entries became %d", n, total)
		}
	})
}

func sampleBlocks() (blocks [][2][]byte) {
	var tuples [][4]uint64
	var terms []string
	for i := range uint64(200) {
		tuples = append(tuples, [4]uint64{i/9 + 1, i/3 + 2, i*i*7777 + 3, i % 2})
		terms = append(terms, fmt.Sprintf("\x01person:%05d", i*i))
	}
	blocks = quadfile.EncodeTuples(tuples)
	byID, byKey := quadfile.EncodeDictionary(terms)
	return append(append(blocks, byID...), byKey...)
}

// TestChecksum flips every byte of a block.
func TestChecksum(t *testing.T) {
	b := sampleBlocks()[0]
	if err := quadfile.CheckTuples(b[0], b[1]); err != nil {
		t.Fatal(err)
	}
	for _, part := range b {
		for i := range part {
			part[i] ^= 4
			if err := quadfile.CheckTuples(b[0], b[1]); !errors.Is(err, quadfile.ErrDamaged) {
				t.Errorf("byte %d: %v", i, err)
			}
			part[i] ^= 4
		}
	}
}
