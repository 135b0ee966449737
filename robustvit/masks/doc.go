// Package masks makes foreground masks without labels, for images that nobody
// has drawn masks for: by TokenCut on the keys of the last block, or from the
// CLS token's attention in it. A mask that looks unlike an object is rejected
// with the reason; the image then trains nothing.
//
// A job is a run folder (package run). Beside config.json (every setting) and
// manifest.jsonl (every image with its hash) it holds
//
//	CLASS/FILE.png   the masks, at the size of their images, 255 = foreground
//	masks.jsonl      a Mask a line, in the order of the data set
//	masks.json       the counts, and the pictures chosen for the page
//	parts/           what the page shows: map, coarse mask, rejected mask
//	records/         finished chunks of images: where a stopped job goes on
//
// masks.jsonl, masks.json and done.json appear when all images are done.
package masks
