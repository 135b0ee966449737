package bench

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit"
)

// Task is one measurement: what both sides are told.
type Task struct {
	Case    string            `json:"case"`
	Variant robustvit.Variant `json:"variant"`
	Batch   int               `json:"batch"`
	Memory  robustvit.Memory  `json:"memory"`  // of our step
	Threads int               `json:"threads"` // PyTorch's threads, and the workers of its loader
	Device  string            `json:"device"`  // PyTorch's: cpu or cuda
	Photos  string            `json:"photos"`  // folder of JPEG files
	Weights string            `json:"weights"` // safetensors file, where the case reads one
	Scratch string            `json:"scratch"` // folder to write to
}

// title names the task as bench.json does: "vit_base step first-order b8".
func (t Task) title(c Case) string {
	title := modelTitle(t.Variant) + " " + c.Title
	if !c.once && len(c.Peers) > 0 {
		title += fmt.Sprintf(" b%d", t.Batch)
	}
	return title
}
