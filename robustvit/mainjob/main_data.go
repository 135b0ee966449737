package mainjob

import (
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
