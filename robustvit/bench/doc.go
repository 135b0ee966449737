// Package bench measures what the workbench costs, beside PyTorch where asked:
// time for an image, peak memory, and growth with batch, tokens, depth and
// classes.
//
// Machines are shared and noisy. A figure is therefore the median of ratios, one
// a round: in a round first one side computes for a while and then the other,
// and the next round begins with the other. Each side is a process of its own
// for each case, so that its peak memory is that case's alone; both speak the
// protocol of protocol.go. Ours is this program again ([Serve]), the other is
// the Python of the folder peer.
//
//	case.go, model.go  what is measured   photos.go, weights.go  what it reads
//	task.go, provide.go  one measurement  steps.go, files.go     the work itself
//	protocol.go, process.go, serve.go     the two sides
//	rounds.go, compare.go                 rounds, ratios, medians
//	run.go, growth.go, results.go         the whole, and bench.json; machine.go
package bench
