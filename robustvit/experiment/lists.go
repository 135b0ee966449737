package experiment

var mainResults = []Experiment{tables12}
var mapStudies, sensitivityStudies, beyond []Experiment
