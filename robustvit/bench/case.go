package bench

import (
	"fmt"
	"slices"
	"strings"
)

// Case is one kind of work that is measured.
type Case struct {
	Name  string   // on the command line
	Title string   // in tables
	What  string   // the work, and what one unit of its time is
	Peers []string // what PyTorch does instead: names of peer/*.py, the fairest first

	once     bool // its time does not depend on a batch
	trains   bool // a finetuning
	compiles bool // ours compiles in each call
}

// Cases lists what is measured, in the order of the tables.
func Cases() []Case {
	return []Case{
		{Name: "forward", Title: "forward", What: "images to logits; PyTorch: timm's model with fused attention in inference mode", Peers: []string{"timm"}},
		{Name: "relevance", Title: "relevance", What: "images to logits and relevance maps; PyTorch: one forward, one gradient call for all attention maps", Peers: []string{"lean"}},
		{Name: "step-first-order", Title: "step first-order", What: "one optimizer step of the published objective; PyTorch lean: one forward, one gradient call, fused AdamW; released: as the published script, a gradient call a layer and three forwards", Peers: []string{"lean", "released"}, trains: true},
		{Name: "step-second-order", Title: "step second-order", What: "the same with the gradient of the attention gradient", Peers: []string{"lean"}, trains: true},
		{Name: "evaluation", Title: "evaluation (JPEG)", What: "photographs of 500 x 375 on disk (smaller for smaller images) to top-5: decode, resize, crop, model, each side with its own loader and as many workers", Peers: []string{"timm"}},
		{Name: "page", Title: "explanation page", What: "photographs to a page with their maps; ours compiles the graph each time, as the command does", Peers: []string{"lean"}, compiles: true},
		{Name: "load", Title: "load to first logits", What: "safetensors file to the logits of one image, compilation included; PyTorch lean: parameters taken from the file without initialising", Peers: []string{"lean", "timm"}, once: true, compiles: true},
		{Name: "tokencut", Title: "TokenCut", What: "photographs to coarse masks, each at its own grid: decode, keys, normalised cut; PyTorch: dense eigenvectors", Peers: []string{"torch"}, once: true},
		{Name: "compile", Title: "compile step first-order", What: "building the graph of a step and compiling it; milliseconds a compilation", compiles: true},
	}
}

// CaseNames are the names of all cases.
func CaseNames() []string {
	var names []string
	for _, c := range Cases() {
		names = append(names, c.Name)
	}
	return names
}

// chosenCases are those of the names; none are all.
func chosenCases(names []string) ([]Case, error) {
	if len(names) == 0 {
		return Cases(), nil
	}
	var chosen []Case
	for _, c := range Cases() {
		if slices.Contains(names, c.Name) {
			chosen = append(chosen, c)
		}
	}
	for _, name := range names {
		if !slices.Contains(CaseNames(), name) {
			return nil, fmt.Errorf("case %q is not known; known: %s", name, strings.Join(CaseNames(), ", "))
		}
	}
	return chosen, nil
}
