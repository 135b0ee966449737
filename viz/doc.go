// Package viz turns pictures, relevance maps and numbers into things to look at:
// heatmaps, tables, plots, galleries and whole reports. Values go in; HTML, SVG,
// PNG, CSV or terminal text comes out. The package imports nothing of this
// project and knows no model: it draws what it is given.
//
// Everything a page can hold is a [Fragment]: [Table], [Curves], [Bars],
// [Deltas], [Scatter], [Reliability], [SortedChanges], [Gallery],
// [PictureTable], [LayerStrip], [Predictions], [Figure], [ColorBar], [Stats],
// [Verdicts], [Claims], [Prose], [Callout], [KeyValues], [Links], [Row],
// [Details] and [Progress]. Fragments are plain values that compose; only this package
// implements the interface, so whatever reaches a page was escaped here.
//
//	viz.WriteReport(w, viz.Report{Title: "ViT-B, 3 seeds", Sections: []viz.Section{
//		{Title: "Robustness", Fragments: []viz.Fragment{deltas, table}},
//	}})
//
// Pages are static: no script, no handler, no form, nothing from the network;
// images are re-encoded and inlined, and a content security policy forbids the
// rest. WriteReport writes a page with style sheet, light and dark. HTML and
// WriteFragment write the same fragments for a notebook, where a sanitiser may
// strip style sheets and SVG elements: there every style that matters is inline
// and plots travel as images in colours that read on white and on black.
package viz
