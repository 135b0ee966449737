// Package paper is the published numbers of "Optimizing Relevance Maps of Vision
// Transformers Improves Robustness" (Chefer, Schwartz, Wolf, 2022), to be put
// beside measured ones. All are as printed; where the paper's own rows do not
// follow from each other, [Findings] says so.
//
//	Tables 1, 2    Accuracy(Main, ...), AverageChange
//	Table 3        Segmentation
//	Tables 4, 12   Accuracy(Ablation, ...)
//	Table 5        HyperparametersOf
//	Tables 8, 9    MultiSeed
//	Tables 10, 11  Halves, HalvesChange
//
// A number that the paper does not have is reported as not there, never as 0.
package paper

import "slices"

// Model is a model of the paper by its name in the tables.
type Model string

// The seven models; AR is ViT AugReg.
const (
	ViTB  Model = "ViT-B"
	ViTL  Model = "ViT-L"
	ARS   Model = "AR-S"
	ARB   Model = "AR-B"
	ARL   Model = "AR-L"
	DeiTS Model = "DeiT-S"
	DeiTB Model = "DeiT-B"
)

// Method is what was done to a model, a row of a table.
type Method string

// Rows of Tables 1 and 2, then those that only the ablation has.
const (
	Original     Method = "original"
	GradMask     Method = "gradmask"      // with annotated masks
	RRR          Method = "rrr"           // Right for the Right Reasons, with annotated masks
	Ours         Method = "ours"          // with annotated masks (ImageNet-S)
	OursTokenCut Method = "ours-tokencut" // with TokenCut's masks

	WithoutConfidence Method = "without-confidence" // without the classification loss, Eq. 4
	WithoutBackground Method = "without-background" // without Eq. 1
	WithoutForeground Method = "without-foreground" // without Eq. 2
	GroundTruth       Method = "ground-truth"       // Eq. 4 with the true class instead of the predicted one
)

// Set is an evaluation set, named like a folder of it.
type Set string

// The nine sets in the order of the tables.
const (
	Val        Set = "val"
	INetA      Set = "imagenet-a"
	INetR      Set = "imagenet-r"
	Sketch     Set = "imagenet-sketch"
	INetV2     Set = "imagenet-v2"
	ObjectNet  Set = "objectnet"
	SILocation Set = "si-location"
	SIRotation Set = "si-rotation"
	SISize     Set = "si-size"
)

// Half is a half of ImageNet's classes.
type Half string

// Halves of Tables 10 and 11: the classes that the method was trained on, and
// the others.
const (
	SetA Half = "a"
	SetB Half = "b"
)

var (
	models = []Model{ViTB, ViTL, ARS, ARB, ARL, DeiTS, DeiTB}
	sets   = []Set{Val, INetA, INetR, Sketch, INetV2, ObjectNet, SILocation, SIRotation, SISize}
	main   = []Method{Original, GradMask, RRR, Ours, OursTokenCut}
	parts  = []Method{Original, Ours, WithoutConfidence, WithoutBackground, WithoutForeground, GroundTruth}
)

// Models are the seven models in the order of the tables.
func Models() []Model { return slices.Clone(models) }

// BaseModels are the three of Tables 10 and 11; the ablation has the first and
// the last.
func BaseModels() []Model { return []Model{ViTB, ARB, DeiTB} }

// Sets are the nine sets in the order of the tables.
func Sets() []Set { return slices.Clone(sets) }

// Methods are the rows of a model in Tables 1 and 2, or in the ablation.
func Methods(t Table) []Method {
	if t == Ablation {
		return slices.Clone(parts)
	}
	return slices.Clone(main)
}
