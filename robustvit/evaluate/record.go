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
	Top        []int     `json:"top"`        // the five most likely classes, best first
	Confidence []float64 `json:"confidence"` // softmax probability of each
	Margin     float64   `json:"margin"`     // logit of the true class minus the best other
}

// Correct says whether the true class is among the first k.
func (r Record) Correct(k int) bool {
	return slices.Contains(r.Top[:min(k, len(r.Top))], r.Class)
}

// NewRecord reads one row of logits.
func NewRecord(id string, class int, logits []float32) Record {
	order, confidence := robustvit.Rank(logits)
	record := Record{ID: id, Class: class, Top: slices.Clone(order[:min(5, len(order))])}
	for place := range record.Top {
		record.Confidence = append(record.Confidence, round(confidence[place], 6))
	}
	other := order[0]
	if other == class && len(order) > 1 {
		other = order[1]
	}
	if class < len(logits) {
		record.Margin = round(float64(logits[class]-logits[other]), 5)
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
