package mainjob

import (
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
)

// SetA draws half of the classes. Where fewer have enough training images, as in
// a part of ImageNet-S, it is half of those.
func SetA(d data.Collection, perClass int, seed uint64) []int {
	k := len(d.Classes())
	train, err := d.Train()
	if err != nil || train == nil {
		return data.SelectClasses((k+1)/2, k, seed)
	}
	return data.HalfOfClasses(train, perClass, seed)
}

// describe names the data with their size: another size is another job.
func describe(d data.Collection) string {
	text := d.Name()
	if train, err := d.Train(); err == nil && train != nil {
		text += fmt.Sprintf(", %d images to choose from", train.Len())
	}
	least, most := 0, 0
	for i, name := range d.SetNames() {
		if set, err := d.Set(name); err == nil {
			most = max(most, set.Len())
			if least = min(least, set.Len()); i == 0 {
				least = set.Len()
			}
		}
	}
	if least == most {
		return text + fmt.Sprintf(", %d a set", most)
	}
	return text + fmt.Sprintf(", %d to %d a set", least, most)
}

// cacheBytes bounds the decoded images of all evaluation sets: every model sees them.
const cacheBytes = 256 << 20

// set opens an evaluation set, once.
func (w *worker) set(name string) (evaluate.Test, error) {
	if test, ok := w.sets[name]; ok {
		return test, nil
	}
	d, err := w.Data.Set(name)
	if err != nil {
		return evaluate.Test{}, err
	}
	protocol, err := finetune.ProtocolOf(w.Config.Finetune.Protocol, w.Model.Variant)
	if err != nil {
		return evaluate.Test{}, err
	}
	test := evaluate.NewTest(d, protocol)
	test.Data = data.Cached(test.Data, cacheBytes/max(len(w.Config.Sets), 1))
	if w.sets == nil {
		w.sets = map[string]evaluate.Test{}
	}
	w.sets[name] = test
	return test, nil
}
