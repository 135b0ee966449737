package experiment

// sensitivityStudies turn one knob of the method each: what the paper shows in
// Appendix G, states without numbers or leaves open.
var sensitivityStudies = []Experiment{
	samplesStudy.experiment(), classCountStudy.experiment(), rateStudy.experiment(), lambdaStudy.experiment(),
	temperatureStudy.experiment(), startLayerStudy.experiment(), orderStudy.experiment(), maskRuleStudy.experiment(), targetStudy.experiment(),
}

// sensitivityReading is what all of them share.
var sensitivityReading = []string{
	"The first model of the sweep only; all else is as in the main results, whose points and controls are used again.",
	"The controls keep the setting's own values: they are not turned along.",
}

// reading adds sentences to those.
func reading(sentences ...string) []string {
	return append(append([]string{}, sensitivityReading...), sentences...)
}
