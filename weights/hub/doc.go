// Package hub fetches model files from the Hugging Face hub or a server that
// speaks like it: length and SHA-256 first, then the file with resume, and
// nothing under its final name that is not whole, checked and readable.
package hub
