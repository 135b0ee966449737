package experiment

var mainResults = []Experiment{tables12}
var methodStudies []Experiment
