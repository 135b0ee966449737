// Package report turns the plain files of a run folder into tables and pages.
// It reads results.json, config.json, the arms' logs, gallery.json or
// explain.json with their PNGs, and knows no model: the format of the folder is
// the contract, so a report can be made again, elsewhere, from the files alone.
//
// [WriteMain] writes report.html of a main job, [WriteExperiment] that of an
// experiment of the paper, [WriteIndex] index.html over a folder of experiments,
// [WriteExplain] explain.html of explained photographs. [ResultsBlock] is one
// table of an experiment as Markdown, the paper's numbers beside ours. The tables ([MainTable], [Top5Table], [HalvesTable],
// [SegmentationTable]) are values that a terminal, a CSV file and a notebook
// print too.
package report
