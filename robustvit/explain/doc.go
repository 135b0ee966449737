// Package explain shows what a model sees in any photograph: the prepared
// picture, its predictions, and the relevance map before and after a
// finetuning. It writes plain files that a page, a notebook or another program
// reads without the model:
//
//	config.json          what was asked
//	explain.json         a [Result]: everything, with the names of the pictures; written last
//	explain/0001.png     the picture as the model sees it, 8-bit RGB
//	explain/0001-before.png  the relevance map, 16-bit gray: 0 to 65535 is 0 to 1
//	done.json            there when the folder is complete
package explain
