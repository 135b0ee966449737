package shapes

// Purpose says what images are for. Images of two purposes never share a seed,
// whatever run number the user gives, so nothing tuned on the design images has
// seen a test image.
type Purpose uint8

const (
	ForObjects  Purpose = iota + 1 // pretraining, first stage (PretrainObjects)
	ForShortcut                    // pretraining, second stage, and finetuning (PretrainShortcut)
	ForDesign                      // evaluation sets to choose settings with
	ForTest                        // evaluation sets to report
)

const runBits = 48

// Seed is the seed of one set of images: the purpose, the set's place in Sets
// (0 for training images) and the run, of which the low 48 bits count. Different
// arguments give different seeds.
func Seed(purpose Purpose, set int, run uint64) uint64 {
	return uint64(purpose)<<56 | uint64(set&0xff)<<runBits | run&(1<<runBits-1)
}
