package experiment

// methodStudies ask which part of the method does what, and against what: its
// terms, the baselines, the controls, the confidence term, other starting
// weights, and the way from the original to the finetuned weights.
var methodStudies = []Experiment{ablation, baselinesStudy, controlsStudy, confidenceTerm, pretrainingSeeds, interpolation}
