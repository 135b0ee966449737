package experiment

var mainResults = []Experiment{tables12}
var mapStudies, methodStudies, sensitivityStudies []Experiment
