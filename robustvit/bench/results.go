package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/data"
)

// ResultsFile is the file of a bench's folder.
const ResultsFile = "bench.json"

// Results is bench.json.
type Results struct {
	Kind    string            `json:"kind"` // "bench"
	Date    string            `json:"date"` // when it began, RFC 3339
	Cores   int               `json:"cores"`
	CPU     string            `json:"cpu"`
	Load    float64           `json:"load"` // average of the minute before it began; figures of a busy machine mislead
	Backend string            `json:"backend"`
	Plugin  string            `json:"plugin_version"`
	Ours    map[string]string `json:"ours"`           // versions and device of our side
	Peer    map[string]string `json:"peer,omitempty"` // and of PyTorch's
	Rounds  int               `json:"rounds"`
	Seconds float64           `json:"seconds"` // the least that a side computes in a round
	Results []Result          `json:"results"`
	Growth  []Growth          `json:"growth,omitempty"`
}

// Result is one case of one model, beside one peer where there is one.
type Result struct {
	Case        string  `json:"case"` // "vit_base step first-order b8"
	Model       string  `json:"model"`
	Kind        string  `json:"kind"` // title of the case: "step first-order"
	Batch       int     `json:"batch"`
	Compiles    bool    `json:"compiles,omitempty"` // the time holds a compilation of ours
	OursMS      float64 `json:"ours_ms"`            // for one image: median of the rounds
	Peer        string  `json:"peer,omitempty"`
	PeerMS      float64 `json:"peer_ms,omitempty"`
	Ratio       float64 `json:"ratio,omitempty"`      // median of the rounds' ratios; below 1 ours is faster
	Low         float64 `json:"ratio_low,omitempty"`  // the least of them
	High        float64 `json:"ratio_high,omitempty"` // the largest
	PeakMiB     float64 `json:"peak_mib"`             // memory of our process, compilation included
	PeerPeakMiB float64 `json:"peer_peak_mib,omitempty"`
	Rounds      []Round `json:"rounds,omitempty"`
	Error       string  `json:"error,omitempty"` // why it could not be measured
}

// Write stores bench.json, whole or not at all.
func (r *Results) Write(dir string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return fmt.Errorf("bench: write the results: %w; choose another folder", err)
	}
	if err := data.WriteWhole(filepath.Join(dir, ResultsFile), append(text, '\n')); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}
