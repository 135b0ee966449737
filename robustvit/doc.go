// Package robustvit is the method of "Optimizing Relevance Maps of Vision
// Transformers Improves Robustness" (NeurIPS 2022) as GoMLX graphs: the Vision
// Transformer, its relevance map and the loss that moves relevance from the
// background onto the object.
//
// Read it next to the paper:
//
//	equation                          function            test
//	Eq. 1  background loss            BackgroundLoss      TestLosses, TestGolden/loss_background
//	Eq. 2  foreground loss            ForegroundLoss      TestLosses, TestGolden/loss_foreground
//	Eq. 3  relevance loss             RelevanceLoss       TestGolden/loss_total
//	Eq. 4  confidence loss            ConfidenceLoss      TestLosses, TestGolden/loss_confidence
//	Eq. 5  total loss                 Objective.Loss      TestGolden/loss_total
//	Eq. 6  one layer's relevance      HeadAverage         TestRelevanceOracle, TestGolden/R
//	Eq. 7  roll through the layers    Relevance, Rollout  TestRelevanceOracle, TestGolden/R
//	Eq. 8  true-class loss            CrossEntropy        TestLosses, TestGolden/loss_cross_entropy
//	Eq. 9  GradMask                   InputGradientLoss   TestInputGradientHandCase, TestGolden/grad.gradmask
//	Eq. 10 right for right reasons    InputGradientLoss   TestInputGradientHandCase, TestGolden/grad.rrr
//
// Shapes are written with B batch, H heads, N tokens (prefix tokens + P
// patches), P patches, C width, K classes, h x w pixels.
//
// Deviations from the released code, each an option whose zero value is the
// released behaviour: [SecondOrder] lets the attention gradient train too,
// [StrictMasks] counts a fractional mask pixel only once, [ConfidenceFinetuned]
// takes the confidence over the finetuned classes only. The baselines [GradMask]
// and [RRR] follow their equations; with [FirstOrder] they do as the released
// code does, whose relevance term trains nothing.
//
// Numerics: the graphs avoid Rsqrt (its gradient has no gradient) and fused
// attention (it hides the maps); LayerNorm uses epsilon 1e-6 as timm does.
// Graph functions panic with the shapes, as GoMLX graphs do; everything that
// executes a graph returns an error.
package robustvit
