package experiment

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// beyond are the studies of what the models do besides their accuracy: the
// paper's appendix on sufficient input subsets, and questions that it leaves
// open.
var beyond = []Experiment{sisStudy, explanationsStudy, significanceStudy, calibrationStudy, effectiveStudy, factorStudy, normalisationStudy}

const beyondPaper = "beyond the paper"

// level is a mean with its interval.
func level(e evaluate.Estimate, digits int) Cell {
	if e.N == 0 {
		return words("–")
	}
	return Cell{Value: pointer(e.Value), Low: pointer(e.Low), High: pointer(e.High), Digits: digits}
}

// moved is a change with its paired interval.
func moved(e evaluate.Estimate, digits int) Cell {
	c := level(e, digits)
	if e.N > 0 {
		c.Change, c.Noise = true, !e.Significant()
	}
	return c
}

// spelled is "+2.4 [1.5, 3.3]".
func spelled(e evaluate.Estimate) string {
	if e.N == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%+.1f [%.1f, %.1f]", noZero(e.Value), noZero(e.Low), noZero(e.High))
}

// untested says why a claim could not be tested here.
func untested(claim, source, why string) Claim {
	return Claim{Claim: claim, Source: source, Verdict: NotTested, Text: why}
}
