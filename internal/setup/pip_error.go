package setup

import (
	"fmt"
	"strings"
)

// PipError is a failed pip run with all it printed.
type PipError struct {
	Output string
	Err    error
}

func (e *PipError) Unwrap() error { return e.Err }

func (e *PipError) Error() string {
	return fmt.Sprintf("pip: %s: %s", e.reason().what, e.detail())
}

// Mend is the command that mends it.
func (e *PipError) Mend() string { return e.reason().mend }

// detail is the line in which pip says what went wrong.
func (e *PipError) detail() string {
	var last string
	for line := range strings.SplitSeq(e.Output, "\n") {
		if strings.HasPrefix(line, "ERROR:") {
			last = strings.TrimSpace(strings.TrimPrefix(line, "ERROR:"))
		}
	}
	if last == "" {
		last = lastLines(e.Output, 2)
	}
	return last
}

// reason is what a failure means to the user.
type reason struct {
	what, mend string
	everywhere bool // another package would fail in the same way
}

// reason recognises the failures that have a mend of their own. pip has no
// codes for them, so its texts are read.
func (e *PipError) reason() reason {
	for _, row := range pipReasons() {
		for _, mark := range row.marks {
			if strings.Contains(e.Output, mark) {
				return row.reason
			}
		}
	}
	return reason{what: "the package could not be installed", mend: again}
}

type pipReason struct {
	marks []string
	reason
}

func pipReasons() []pipReason {
	return []pipReason{
		{[]string{"DO NOT MATCH THE HASHES"}, reason{
			"the package index served a file that is not the pinned one; nothing of it was kept",
			"check pip's index (pip config list), then: " + again, false}},
		{[]string{"No space left on device", "Disk quota exceeded"}, reason{
			"the disk is full", "free 1 GB in the project folder, then: " + again, true}},
		{[]string{"Permission denied", "Read-only file system"}, reason{
			"the project folder cannot be written", "move the checkout to a folder of your own, then: " + again, true}},
		{[]string{"name resolution", "Name or service not known", "nodename nor servname", "NewConnectionError",
			"ConnectTimeout", "Network is unreachable", "Connection refused", "ProxyError"}, reason{
			"the package index could not be reached",
			"connect to the network (or set pip's index-url or find-links), then: " + again, true}},
		{[]string{"ReadTimeout", "timed out", "SSLError", "CERTIFICATE_VERIFY_FAILED", "ConnectionResetError", "IncompleteRead"}, reason{
			"the download broke off", again, false}},
		{[]string{"No matching distribution found", "not a supported wheel"}, reason{
			"pip's package index has no wheel for this machine",
			"check pip's index (pip config list), then: " + again, false}},
	}
}
