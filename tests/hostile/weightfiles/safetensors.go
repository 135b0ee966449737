package weightfiles

import "slices"

// Safetensors are the malformed files of the format.
func Safetensors() []Case {
	return slices.Concat(frameCases(), cutCases(), jsonCases(), keyCases(), metadataCases(), shapeCases(), offsetCases(), elementCases(), limitCases())
}
