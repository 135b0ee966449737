package paper

// Hyperparameters of the method for one model: the weights of the losses, which
// Table 5 gives, and what the released code sets.
type Hyperparameters struct {
	Classification float64 // lambda of Eq. 4 in Eq. 5
	Relevance      float64 // lambda of Eq. 3 in Eq. 5
	Background     float64 // lambda of Eq. 1 in Eq. 3
	Foreground     float64 // lambda of Eq. 2 in Eq. 3

	Rate        float64 // of the first epoch
	Temperature float64 // in Eq. 4

	Classes, PerClass, Epochs, Batch int
	Decay                            float64 // of the rate, every second epoch
	WeightDecay                      float64
}

// released are the rate and the temperature of the released code. The text of
// Table 5 that we have lost its column of rates.
var released = map[Model]struct{ rate, temperature float64 }{
	ViTB: {3e-6, 1}, ViTL: {9e-7, 1},
	ARS: {2e-6, 1}, ARB: {6e-7, 1}, ARL: {9e-7, 1},
	DeiTS: {1e-6, .55}, DeiTB: {8e-7, .65},
}

// HyperparametersOf is Table 5 and Section 4, completed from the released code.
func HyperparametersOf(model Model) (Hyperparameters, bool) {
	r, ok := released[model]
	if !ok {
		return Hyperparameters{}, false
	}
	return Hyperparameters{
		Classification: .2, Relevance: .8, Background: 2, Foreground: .3,
		Rate: r.rate, Temperature: r.temperature,
		Classes: 500, PerClass: 3, Epochs: 50, Batch: 8, Decay: .85, WeightDecay: 1e-4,
	}, true
}

// BaselineWeights are the weights of the relevance loss (Eq. 9, 10) and of the
// cross-entropy (Eq. 8) in the released code of GradMask and RRR. The paper
// tuned them by model (Tables 6 and 7), which its text does not hold.
func BaselineWeights() (relevance, classification float64) { return .8, .2 }
