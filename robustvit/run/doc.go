// Package run keeps the run folder: one folder with everything one finetune or
// evaluation wrote. Its files are the contract between packages, notebooks,
// views and the command; whoever reads them needs nothing but the format:
//
//	config.json            the effective config as one JSON object, there before step 1
//	environment.jsonl      a line a start: step, backend, versions, changes of the config
//	manifest.jsonl         a line a training sample, in order; never changes within a run
//	log.jsonl              a line a step or epoch, "step" never falls; no clock, no timings:
//	                       a resumed run ends with the same bytes as an unbroken one
//	timing.jsonl           a line a step or epoch with durations; a resumed run repeats steps
//	checkpoints/step-00000120/
//	    state.safetensors  weights, optimizer and random state
//	    manifest.json      {"checkpoint": {format, step, epoch, ..., files}, "sha256": of the former}
//	weights.safetensors    the final weights
//	records/SET.MODEL.jsonl  a line an image, complete or absent
//	watch/index.json       the images that a watched finetuning follows, with their PNGs
//	watch/step-00000050/   their relevance maps after a step; without index.json it is not there
//	output.txt             what a detached command printed, locked (flock) while it runs
//	results.json, report.html  what the evaluation and the report wrote; no clock, no timings
//	done.json              the result; it is there if and only if the run has finished
//	lock                   locked (flock) while somebody writes; then {pid, host, started}
//
// JSON Lines files end each line with "\n"; of log.jsonl and timing.jsonl a
// reader of a live run ignores an unfinished last line ([ReadLines] does). All
// other files appear whole, by rename. Names that start with a dot are not
// part of the contract: unfinished writes, and checkpoints set aside as damaged
// (checkpoints/.bad-step-00000120).
//
// # What holds at any kill
//
// A checkpoint is written under a dot name, synced, read back and compared with
// its checksums, renamed, and its folder synced; only then are older ones
// removed, and two always stay. The latest is found by listing and verifying,
// never through a pointer file: a damaged one is set aside and the one before
// is used. [Run.Resume] cuts log.jsonl back to what it held when the checkpoint
// was taken.
//
// Every save first looks whether the folder is still the one that was locked:
// where it was moved or unmounted, the run ends instead of writing into whatever
// has its name now.
//
// One process writes a folder at a time ([Create]); readers ([Open]) need no lock.
package run
