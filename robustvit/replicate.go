package robustvit

import (
	"fmt"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/core/tensors/dtensor"
	"github.com/gomlx/gomlx/ml/model"
)

// replicate puts each variable of the store that is not there yet on every device.
func (d *devices) replicate(store *model.Store) error {
	if d == nil {
		return nil
	}
	for variable := range store.IterVariables() {
		if variable.ShardingSpec() != nil {
			continue
		}
		value, err := variable.Value()
		if err == nil {
			err = d.set(variable, value)
		}
		if err != nil {
			return fmt.Errorf("put %q on %d devices: %w", variable.Path(), d.count(), err)
		}
	}
	return nil
}

// set gives a variable its value, which is taken over. GoMLX would divide it by
// itself, and keep a copy for each device on the host.
func (d *devices) set(variable *model.Variable, value *tensors.Tensor) error {
	if d == nil {
		return variable.SetValue(value)
	}
	var copies []*tensors.Tensor
	for _, number := range d.numbers {
		one, err := value.LocalClone()
		if err != nil {
			return err
		}
		if err := one.MaterializeOnDevice(d.backend, false, number); err != nil {
			return err
		}
		one.FinalizeLocal()
		copies = append(copies, one)
	}
	distributed, err := dtensor.NewTensor(d.whole, copies)
	if err != nil {
		return err
	}
	if err := variable.SetDistributedValue(distributed); err != nil { // frees the value where it was the variable's
		return err
	}
	return value.FinalizeAll()
}

// value is the variable's, or its copy on the first device.
func (d *devices) value(variable *model.Variable) (*tensors.Tensor, error) {
	if d == nil {
		return variable.Value()
	}
	distributed, err := variable.DistributedValue()
	if err != nil {
		return nil, err
	}
	return distributed.Shards()[0], nil
}
