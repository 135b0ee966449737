package robustvit

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// CheckDevices says whether the backend has n devices to divide a batch among;
// 0 and 1 are one device.
func CheckDevices(backend compute.Backend, n int) error {
	switch there := backend.NumDevices(); {
	case n < 0:
		return fmt.Errorf("%d devices asked for, expected at least 1", n)
	case n > there && there <= 1:
		return fmt.Errorf("%d devices asked for, backend %s has one; ask for 1, or see with `robustvit doctor` which backend has more", n, backend)
	case n > there:
		return fmt.Errorf("%d devices asked for, backend %s has %d; ask for 1 to %d", n, backend, there, there)
	}
	return nil
}

// Spread divides every batch among n devices of the backend, each with all
// weights; before the first Step. Losses and weights differ from those of one
// device by the order of additions. A batch that n does not divide is padded.
func (t *Trainer) Spread(n int) error {
	exec := t.whole
	if exec == nil {
		exec = t.accumulate
	}
	var err error
	if t.devices, err = newDevices(t.backend, exec, n); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	inputs := 4 // images, masks, labels, share
	if t.pretraining {
		inputs = 3 // images, targets, share
	}
	if t.whole != nil {
		t.devices.sum(t.whole, inputs)
	} else {
		t.devices.sum(t.accumulate, inputs)
		t.devices.sum(t.update, 0)
	}
	return t.devices.replicate(t.store)
}

// atOnce is the number of images of one call, on all devices together.
func (t *Trainer) atOnce() int {
	n := t.devices.count()
	each := (t.batch + n - 1) / n
	if t.memory.MicroBatch > 0 {
		each = min(each, t.memory.MicroBatch)
	}
	return each * n
}

// Spread divides every batch among n devices of the backend, each with all
// weights; before the first call. The batch size grows to a multiple of n. The
// store of a trainer must be spread alike, or be read on one device.
func (p *Predictor) Spread(n int) error {
	var err error
	if p.devices, err = newDevices(p.backend, p.logits, n); err != nil {
		return fmt.Errorf("predict: %w", err)
	}
	n = p.devices.count()
	p.batch = (p.batch + n - 1) / n * n
	p.devices.divide(p.logits)
	p.devices.divide(p.explain)
	return p.devices.replicate(p.store)
}

// call runs a graph whose inputs and outputs all have the images as first axis.
func (p *Predictor) call(exec *model.Exec, inputs ...any) ([]*tensors.Tensor, error) {
	outputs, err := p.devices.call(exec, inputs)
	if err != nil {
		return nil, err
	}
	return p.devices.merge(outputs)
}

// rows are the rows from first to end of an array of rows of some width. Rows
// that the array lacks repeat its last one: they are finite, and their share is 0.
func rows[T any](array []T, width, first, end int) []T {
	if end*width <= len(array) {
		return array[first*width : end*width]
	}
	last := array[len(array)-width:]
	some := append([]T(nil), array[min(first*width, len(array)):]...)
	for len(some) < (end-first)*width {
		some = append(some, last...)
	}
	return some
}
