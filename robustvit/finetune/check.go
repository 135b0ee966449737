package finetune

import (
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// Check reports what shows before a device is opened: settings that make no
// sense, and classes without enough images.
func (job Job) Check() error {
	if err := job.Config.Validate(); err != nil || job.Manifest != nil {
		return err
	}
	c := job.Config
	_, err := data.SelectTraining(job.Train, c.Classes, c.PerClass, c.Seed, nil)
	return err
}

// complete adds to the config what model, data and protocol say, and reports
// what cannot be computed before the folder is touched.
func (job *Job) complete() (err error) {
	c := &job.Config
	c.Weights, c.Data = job.Model.SHA256, job.Train.Name()
	if c.Devices == 1 {
		c.Devices = 0 // one text for one thing
	}
	if err := c.Validate(); err != nil {
		return err
	}
	if c.Prepared, err = ProtocolOf(c.Protocol, c.Variant); err == nil {
		err = robustvit.CheckDevices(job.Backend, c.Devices)
	}
	if err != nil {
		return fmt.Errorf("finetune: %w", err)
	}
	return nil
}
