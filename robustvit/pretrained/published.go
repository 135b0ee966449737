package pretrained

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/weights"
)

// PublishedModel joins what the registry and the table of variants know of a model.
type PublishedModel struct {
	weights.Known
	Variant robustvit.Variant `json:"variant"`
}

// Published lists the models of the registry with their sizes and
// normalisation, the paper's seven first.
func Published() ([]PublishedModel, error) {
	var all []PublishedModel
	for _, known := range weights.KnownModels() {
		v, err := robustvit.LookupVariant(known.Name)
		if err != nil {
			return nil, fmt.Errorf("registry: %w", err)
		}
		all = append(all, PublishedModel{known, v})
	}
	return all, nil
}
