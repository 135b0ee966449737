package finetune

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// Prefixes of a checkpoint's tensors: the weight and its two running means.
const (
	weightPrefix = "weight."
	firstPrefix  = "adamw.m."
	secondPrefix = "adamw.v."
)

// save writes a checkpoint of the trainer's state. Weights that the last step
// spoilt, though its losses were finite, are refused as that step's fault.
func save(r *run.Run, trainer *robustvit.Trainer, fingerprints run.Checkpoint) error {
	file, err := state(trainer)
	if err != nil {
		return err
	}
	fingerprints.Step = trainer.Steps()
	err = r.SaveCheckpoint(fingerprints, file)
	if err == nil {
		return nil
	}
	if spoilt := file.CheckFinite(); spoilt != nil {
		return &robustvit.NotFiniteError{Step: trainer.Steps(), Weights: spoilt}
	}
	return err
}

// state copies the trainer's weights and running means from the device, one at
// a time: a large model's state fits the host once, not three times, and not
// beside the buffers of a step.
func state(trainer *robustvit.Trainer) (*weights.File, error) {
	backend.DropBuffers()
	file := &weights.File{}
	moment := func(which string) func(string) ([]float32, error) {
		return func(name string) ([]float32, error) { return trainer.Moment(which, name) }
	}
	for _, spec := range trainer.Variant().WeightSpecs() {
		for _, part := range []struct {
			prefix string
			read   func(name string) ([]float32, error)
		}{{weightPrefix, trainer.Weight}, {firstPrefix, moment("m")}, {secondPrefix, moment("v")}} {
			values, err := part.read(spec.Name)
			if err != nil {
				return nil, err
			}
			file.Tensors = append(file.Tensors, weights.Float32Tensor(part.prefix+spec.Name, spec.Shape, values))
		}
	}
	return file, nil
}

// restore puts the trainer where the run's newest sound checkpoint is; a new
// run starts at step 0. Warnings name damaged checkpoints that were passed over.
func restore(r *run.Run, trainer *robustvit.Trainer, listen Listener) error {
	file, checkpoint, warnings, err := r.Resume()
	if err != nil {
		return err
	}
	for _, warning := range warnings {
		listen.note("warning: %s", warning)
	}
	if file == nil {
		return nil
	}
	parts := map[string]map[string][]float32{weightPrefix: {}, firstPrefix: {}, secondPrefix: {}}
	for prefix, values := range parts {
		for _, spec := range trainer.Variant().WeightSpecs() {
			tensor, ok := file.Get(prefix + spec.Name)
			if !ok {
				return fmt.Errorf("resume %s: the checkpoint of step %d holds no %q; it belongs to another model", r.Dir(), checkpoint.Step, prefix+spec.Name)
			}
			if values[spec.Name], err = tensor.Float32s(); err != nil {
				return err
			}
		}
	}
	listen.note("going on from the checkpoint of step %d", checkpoint.Step)
	return trainer.Restore(checkpoint.Step, parts[weightPrefix], parts[firstPrefix], parts[secondPrefix])
}

// Weights makes a weights file in timm names of the trainer's current weights.
func Weights(trainer *robustvit.Trainer, metadata map[string]string) (*weights.File, error) {
	file := &weights.File{Metadata: metadata}
	for _, spec := range trainer.Variant().WeightSpecs() {
		values, err := trainer.Weight(spec.Name)
		if err != nil {
			return nil, err
		}
		file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values))
	}
	return file, nil
}
