//go:build !unix

package main

// mayWrite leaves it to the first write.
func mayWrite(string) error { return nil }
