package experiment

import (
	"github.com/robustvit/workbench/robustvit/evaluate"
)

// beyond are the studies of what the models do besides their accuracy: the
// paper's appendix on sufficient input subsets, and questions that it leaves
// open.
var beyond = []Experiment{sisStudy, explanationsStudy, significanceStudy, calibrationStudy, effectiveStudy, factorStudy, normalisationStudy}

const beyondPaper = "beyond the paper"

// spelled is "+2.4 [1.5, 3.3]".
func spelled(e evaluate.Estimate) string {
	if e.N == 0 {
		return "not measured"
	}
	return estimate(e)
}

// untested says why a claim could not be tested here.
func untested(claim, source, why string) Claim {
	return Claim{Claim: claim, Source: source, Verdict: NotTested, Text: why}
}
