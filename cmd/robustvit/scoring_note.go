package main

import "strings"

// scoringNote gathers the scoring rules of the sets for the note of a table,
// sets of one rule together.
type scoringNote struct {
	rules []string
	sets  map[string][]string
}

func (n *scoringNote) add(set, rule string) {
	if rule == "" {
		return
	}
	if n.sets == nil {
		n.sets = map[string][]string{}
	}
	if n.sets[rule] == nil {
		n.rules = append(n.rules, rule)
	}
	n.sets[rule] = append(n.sets[rule], set)
}

// String is empty where no set has a rule of its own.
func (n *scoringNote) String() string {
	text := ""
	for _, rule := range n.rules {
		text += " " + strings.Join(n.sets[rule], ", ") + ": " + rule + "."
	}
	return text
}
