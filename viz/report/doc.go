// Package report turns the plain files of a run folder into tables and pages.
// It reads results.json, config.json, the arms' logs, gallery.json or
// explain.json with their PNGs, and knows no model: the format of the folder is
// the contract, so a report can be made again, elsewhere, from the files alone.
//
// [WriteMain] writes report.html of a main job, [WriteExplain] explain.html of
// explained photographs. The tables ([MainTable], [Top5Table], [HalvesTable],
// [SegmentationTable]) are values that a terminal, a CSV file and a notebook
// print too.
package report
