// Package tokencut makes foreground masks without labels: keys of a Vision
// Transformer in, mask out (TokenCut: Wang et al., "Self-Supervised
// Transformers for Unsupervised Object Discovery using Normalized Cut", CVPR
// 2022). Nothing here touches a device or a file.
//
//	Find          patches are nodes, cosine similarity of keys makes the edges,
//	              the normalised cut (Shi and Malik, 2000) is the second smallest
//	              eigenvector of (D - A) y = lambda D y; the part around its
//	              strongest entry is the object
//	Solver.Refine the coarse mask follows the edges of the picture: the bilateral
//	              solver (Barron and Poole, "The Fast Bilateral Solver", ECCV 2016)
//
// Masks here are row-major []bool of w x h; parts are 4-connected.
package tokencut
