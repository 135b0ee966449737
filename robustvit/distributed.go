package robustvit

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/core/tensors/dtensor"
	"github.com/gomlx/gomlx/ml/model"
)

// devices divides the images of a graph among several devices of one machine:
// what has a batch axis is split along it, weights are on each, and XLA's Shardy
// adds up what is summed over images. Nil is one device, and changes nothing.
type devices struct {
	backend      compute.Backend
	numbers      []compute.DeviceNum
	split, whole *distributed.ShardingSpec
}

// imagesAxis is the mesh's one axis.
const imagesAxis = "images"

// newDevices is nil for one device. The exec, of the store, says which mesh the
// store's weights are on already: graphs of one store share it.
func newDevices(backend compute.Backend, exec *model.Exec, n int) (*devices, error) {
	if err := CheckDevices(backend, n); err != nil || n <= 1 {
		return nil, err
	}
	mesh, err := distributed.NewDeviceMesh([]int{n}, []string{imagesAxis})
	if err != nil {
		return nil, fmt.Errorf("%d devices: %w", n, err)
	}
	if spec := exec.DefaultShardingSpec(); spec != nil {
		if mesh = spec.Mesh; mesh.NumDevices() != n {
			return nil, fmt.Errorf("%d devices asked for, the weights are on %d; divide all graphs of a model alike", n, mesh.NumDevices())
		}
	}
	d := &devices{backend: backend, whole: distributed.NewReplicatedShardingSpec(mesh)}
	if d.split, err = distributed.BuildSpec(mesh).S(imagesAxis).Done(); err != nil {
		return nil, fmt.Errorf("%d devices: %w", n, err)
	}
	for i := range n {
		d.numbers = append(d.numbers, compute.DeviceNum(i))
	}
	return d, nil
}

// count is the number of devices.
func (d *devices) count() int {
	if d == nil {
		return 1
	}
	return len(d.numbers)
}

// divide splits a graph that is not compiled yet: its inputs and outputs all
// have the images as first axis.
func (d *devices) divide(exec *model.Exec) {
	if d != nil {
		d.shard(exec).WithInputShardingSpecs(d.split).WithOutputShardingSpecs(d.split)
	}
}

// sum splits a graph that is not compiled yet: its first inputs have the images
// as first axis, the others are numbers, and its outputs and the variables that
// it changes are the same on each device.
func (d *devices) sum(exec *model.Exec, first int) {
	if d != nil {
		inputs := append(slices.Repeat([]*distributed.ShardingSpec{d.split}, first), d.whole)
		d.shard(exec).WithInputShardingSpecs(inputs...).WithOutputShardingSpecs(d.whole)
	}
}

func (d *devices) shard(exec *model.Exec) *model.Exec {
	return exec.AutoSharding(d.whole.Mesh).WithDeviceAssignment(d.numbers)
}

// call runs a graph on the whole batch's inputs. The outputs are those of the
// first device, then of the second, ...
func (d *devices) call(exec *model.Exec, inputs []any) ([]*tensors.Tensor, error) {
	if d == nil {
		return exec.Call(inputs...)
	}
	parts := make([]any, len(inputs))
	for i, input := range inputs {
		value, err := tensors.FromAnyValue(input)
		if err != nil {
			return nil, fmt.Errorf("input %d: %w", i, err)
		}
		spec := d.split
		if value.Shape().IsScalar() {
			spec = d.whole
		}
		part, err := dtensor.ShardTensor(spec, value)
		if err != nil {
			return nil, fmt.Errorf("divide input %d among %d devices: %w", i, d.count(), err)
		}
		defer part.Finalize() // nobody else holds it, and the device's memory is not Go's to collect
		parts[i] = part
	}
	return exec.Call(parts...)
}

// merge puts the outputs of all devices together, along the images.
func (d *devices) merge(parts []*tensors.Tensor) ([]*tensors.Tensor, error) {
	if d == nil {
		return parts, nil
	}
	outputs := make([]*tensors.Tensor, len(parts)/d.count())
	for i := range outputs {
		var shards []*tensors.Tensor
		for j := i; j < len(parts); j += len(outputs) {
			shards = append(shards, parts[j])
		}
		output, err := dtensor.NewTensor(d.split, shards)
		if err == nil {
			outputs[i], err = output.Merge()
		}
		if err != nil {
			return nil, fmt.Errorf("put output %d of %d devices together: %w", i, d.count(), err)
		}
		if err := output.Finalize(); err != nil {
			return nil, fmt.Errorf("free output %d: %w", i, err)
		}
	}
	return outputs, nil
}
