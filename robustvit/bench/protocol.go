package bench

// request is one line to a side's standard input.
type request struct {
	Do      string  `json:"do"`             // hello, prepare, round, peak
	Peer    string  `json:"peer,omitempty"` // of prepare: which of PyTorch's ways
	Task    *Task   `json:"task,omitempty"`
	Seconds float64 `json:"seconds"` // a round lasts at least so long
}

// answer is the line on its standard output.
type answer struct {
	Error   string            `json:"error,omitempty"`
	Facts   map[string]string `json:"facts,omitempty"`    // of hello: versions, device
	Seconds float64           `json:"seconds,omitempty"`  // of round: how long it lasted
	Images  int               `json:"images,omitempty"`   // and how many units of work were done
	PeakMiB float64           `json:"peak_mib,omitempty"` // of peak: of the process, 0 where not known
}
