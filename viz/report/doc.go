// Package report turns the plain files of a run folder into tables and pages.
// It reads results.json, config.json, the arms' logs, gallery.json or
// explain.json with their PNGs, and knows no model: the format of the folder is
// the contract, so a report can be made again, elsewhere, from the files alone.
//
// [Write] writes the page that fits the folder. [WriteMain] writes report.html of
// a main job, [WriteExperiment] that of an experiment of the paper, [WriteIndex]
// index.html over a folder of experiments, [WriteRuns] that over any folder of
// runs, [WriteExplain] explain.html of explained photographs; [Training] is the
// page of a finetuning or a pretraining. [Options] has the colours of heatmaps.
// [ResultsBlock] is one table of an experiment as Markdown, the paper's numbers
// beside ours. The tables ([MainTable], [Top5Table], [HalvesTable],
// [SegmentationTable]) are values that a terminal, a CSV file and a notebook
// print too.
//
// Pages are made to be sent: they hold their pictures, link to what lies beside
// them, and shorten absolute paths, which name the owner of a disk.
package report
