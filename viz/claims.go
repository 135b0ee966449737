package viz

import (
	"fmt"
	"html/template"
	"strings"
)

// Standing is what an experiment found of a claim.
type Standing int

const (
	NotTested Standing = iota
	Held
	Partly
	NotHeld
)

// Mark tells the standings apart without colour.
func (s Standing) Mark() string { return [...]string{"○", "✓", "◐", "✗"}[s.valid()] }

// String is the standing in words, as results files write it.
func (s Standing) String() string {
	return [...]string{"not tested", "held", "partly", "not held"}[s.valid()]
}

// Trend gives the standing its colour.
func (s Standing) Trend() Trend {
	return [...]Trend{Unchanged, Rose, NoTrend, Fell}[s.valid()]
}

// Color reads on light and on dark.
func (s Standing) Color() string {
	if s.valid() == Partly {
		return "#b3730a"
	}
	return s.Trend().Color()
}

// Class lets the style sheet of a page give the colour its scheme's tone.
func (s Standing) Class() string {
	if s.valid() == Partly {
		return "viz-partly"
	}
	return s.Trend().Class()
}

func (s Standing) valid() Standing {
	if s < NotTested || s > NotHeld {
		return NotTested
	}
	return s
}

// Claim is one statement of the paper with what became of it here.
type Claim struct {
	Text     string // what the paper says
	Source   string // where: "Section 4 / Table 1"
	Standing Standing
	Evidence string // what was measured, in words with numbers
}

// Claims lists statements with their marks.
type Claims []Claim

var claimsTemplate = parse("claims", `<div class="viz-claims" style="margin:0 0 18px;max-width:860px">
{{range .}}<div class="viz-claim" style="margin:0 0 14px;padding:0 0 0 28px;position:relative"><span class="{{.Standing.Class}}" style="position:absolute;left:2px;font-size:17px;line-height:1.3;color:{{.Standing.Color}}">{{.Standing.Mark}}</span><div><strong class="{{.Standing.Class}}" style="color:{{.Standing.Color}}">{{.Standing.Word}}</strong> &ensp;{{.Text | text}}{{with .Source}} <span style="opacity:0.65;white-space:nowrap">({{. | text}})</span>{{end}}</div>{{with .Evidence}}<div style="font-size:13px;opacity:0.8;margin:2px 0 0">{{. | text}}</div>{{end}}</div>
{{end}}</div>`)

// Word is the standing with a capital, for the head of a line.
func (s Standing) Word() string {
	word := s.String()
	return strings.ToUpper(word[:1]) + word[1:]
}

func (c Claims) html(*sheet) (template.HTML, error) {
	if len(c) == 0 {
		return "", nil
	}
	return execute(claimsTemplate, []Claim(c))
}

// Counts says how many claims there are of each standing, "2 held, 1 not held";
// empty without claims.
func (c Claims) Counts() string {
	var counts [NotHeld + 1]int
	for _, claim := range c {
		counts[claim.Standing.valid()]++
	}
	var parts []string
	for _, s := range []Standing{Held, Partly, NotHeld, NotTested} {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	return strings.Join(parts, ", ")
}
