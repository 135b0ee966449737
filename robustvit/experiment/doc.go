// Package experiment holds the paper's experiments as values over the one
// training loop: what a run asks, what it trains, what it measures and what its
// results say in words.
package experiment
