// Package gallery chooses the pictures that pages show, by a rule that nobody
// can bend.
package gallery

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// Kinds of pictures, by what the finetuning did to the prediction.
const (
	Corrected = "corrected" // wrong before, right after
	Broken    = "broken"    // right before, wrong after
	Same      = "same"      // right before and after
)

// Rule says how Draw chooses where the salt is seed and set.
const Rule = "Nobody chose them: of the pictures of each kind in a set, those whose SHA-256 of seed, set and ID is smallest are shown."

// Kinds sorts the indices of a set by kind; what stays wrong has none. Both
// models' records are of the same pictures in the same order.
func Kinds(before, after []evaluate.Record) map[string][]int {
	kinds := map[string][]int{}
	for i := range before {
		kind := ""
		switch was, is := before[i].Correct(1), after[i].Correct(1); {
		case was && is:
			kind = Same
		case is:
			kind = Corrected
		case was:
			kind = Broken
		default:
			continue
		}
		kinds[kind] = append(kinds[kind], i)
	}
	return kinds
}

// Draw chooses n of the candidates by the smallest hash of salt and ID: the same
// on every machine, and not changed by pictures that come or go.
func Draw(candidates []int, records []evaluate.Record, n int, salt string) []int {
	type ticket struct {
		index int
		sum   [sha256.Size]byte
	}
	var tickets []ticket
	for _, i := range candidates {
		tickets = append(tickets, ticket{i, sha256.Sum256([]byte(salt + "/" + records[i].ID))})
	}
	slices.SortFunc(tickets, func(a, b ticket) int {
		return cmp.Or(bytes.Compare(a.sum[:], b.sum[:]), a.index-b.index)
	})
	var chosen []int
	for _, t := range tickets[:min(n, len(tickets))] {
		chosen = append(chosen, t.index)
	}
	return chosen
}
