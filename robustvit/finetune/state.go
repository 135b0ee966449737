package finetune

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// Prefixes of a checkpoint's tensors: the weight and its two running means.
const (
	weightPrefix = "weight."
	firstPrefix  = "adamw.m."
	secondPrefix = "adamw.v."
)

// save writes a checkpoint of the trainer's state.
func save(r *run.Run, trainer *robustvit.Trainer, fingerprints run.Checkpoint) error {
	file, err := state(trainer)
	if err != nil {
		return err
	}
	fingerprints.Step = trainer.Steps()
	return r.SaveCheckpoint(fingerprints, file)
}

// state copies the trainer's weights and running means from the device.
func state(trainer *robustvit.Trainer) (*weights.File, error) {
	file := &weights.File{}
	values, err := trainer.Weights()
	if err != nil {
		return nil, err
	}
	first, err := trainer.Moments("m")
	if err != nil {
		return nil, err
	}
	second, err := trainer.Moments("v")
	if err != nil {
		return nil, err
	}
	for _, spec := range trainer.Variant().WeightSpecs() {
		file.Tensors = append(file.Tensors,
			weights.Float32Tensor(weightPrefix+spec.Name, spec.Shape, values[spec.Name]),
			weights.Float32Tensor(firstPrefix+spec.Name, spec.Shape, first[spec.Name]),
			weights.Float32Tensor(secondPrefix+spec.Name, spec.Shape, second[spec.Name]))
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
	values, err := trainer.Weights()
	if err != nil {
		return nil, err
	}
	file := &weights.File{Metadata: metadata}
	for _, spec := range trainer.Variant().WeightSpecs() {
		file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values[spec.Name]))
	}
	return file, nil
}
