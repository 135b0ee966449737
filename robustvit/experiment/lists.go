package experiment

var mainResults = []Experiment{tables12}
