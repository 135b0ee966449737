package evaluate

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/robustvit/workbench/robustvit"
)

// Record is what a model said about one image.
type Record struct {
	ID         string    `json:"id"`
	Class      int       `json:"class"`
	Top        []int     `json:"top"`                // the five most likely classes, best first
	Confidence []float64 `json:"confidence"`         // softmax probability of each
	Margin     float64   `json:"margin"`             // best logit of the right classes minus the best other
	Accepted   []int     `json:"accepted,omitempty"` // the right classes, where Class is not the only one
	Factor     string    `json:"factor,omitempty"`   // value of what the set varies
}

// Correct says whether a right class is among the first k.
func (r Record) Correct(k int) bool {
	return slices.ContainsFunc(r.Top[:min(k, len(r.Top))], r.right)
}

// right says whether the class is a right answer.
func (r Record) right(class int) bool { return class == r.Class || slices.Contains(r.Accepted, class) }

// NewRecord reads one row of logits by the usual rule.
func NewRecord(id string, class int, logits []float32) Record {
	return newRecord(Record{ID: id, Class: class}, logits, nil)
}

// newRecord ranks the logits of the classes that compete (nil = all); the
// probabilities are those among them. The record comes with its right classes.
func newRecord(record Record, logits []float32, compete []int) Record {
	row := logits
	if compete != nil {
		row = make([]float32, len(compete))
		for i, class := range compete {
			row[i] = logits[class]
		}
	}
	order, confidence := robustvit.Rank(row)
	classOf := func(place int) int {
		if compete == nil {
			return order[place]
		}
		return compete[order[place]]
	}
	for place := range min(5, len(order)) {
		record.Top = append(record.Top, classOf(place))
		record.Confidence = append(record.Confidence, round(confidence[place], 6))
	}
	best, other := -1, -1
	for place := range order {
		switch class := classOf(place); {
		case record.right(class) && best < 0:
			best = class
		case !record.right(class) && other < 0:
			other = class
		}
	}
	if best >= 0 && other >= 0 {
		record.Margin = round(float64(logits[best]-logits[other]), 5)
	}
	return record
}

func round(x float64, digits int) float64 {
	scale := math.Pow(10, float64(digits))
	return math.Round(x*scale) / scale
}

// WriteRecords writes one JSON object a line.
func WriteRecords(w io.Writer, records []Record) error {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	for _, record := range records {
		if err := encoder.Encode(record); err != nil {
			return fmt.Errorf("write record %s: %w", record.ID, err)
		}
	}
	return buffered.Flush()
}

// ReadRecords reads what WriteRecords wrote.
func ReadRecords(path string) ([]Record, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	defer file.Close()
	var records []Record
	decoder := json.NewDecoder(file)
	for {
		var record Record
		err := decoder.Decode(&record)
		if err == io.EOF {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read records %s: line %d: %w", path, len(records)+1, err)
		}
		records = append(records, record)
	}
}
