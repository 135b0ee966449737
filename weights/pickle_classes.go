package weights

import (
	"fmt"

	"github.com/nlpodyssey/gopickle/types"
)

// classFault names a class that a checkpoint must not use.
type classFault struct{ class string }

func (c *classFault) Error() string {
	return fmt.Sprintf("found the class or function %s, which is not allowed, expected tensors, dicts, numbers and argparse.Namespace only", brief(c.class))
}

// storageTypes are the typed storages of PyTorch.
var storageTypes = map[string]DType{
	"DoubleStorage": F64, "FloatStorage": F32, "HalfStorage": F16, "BFloat16Storage": BF16,
	"LongStorage": I64, "IntStorage": I32, "ShortStorage": I16, "CharStorage": I8, "ByteStorage": U8, "BoolStorage": Bool,
}

// findClass is the allow-list: it maps names in a pickle to our own harmless
// values. Nothing of Python is ever called, and any other name ends the reading.
func findClass(module, name string) (any, error) {
	if dtype, ok := storageTypes[name]; ok && module == "torch" {
		return dtype, nil
	}
	switch class := module + "." + name; class {
	case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
		return callable(rebuildTensor), nil
	case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
		return callable(func(args ...any) (any, error) {
			if len(args) == 0 {
				return nil, fmt.Errorf("found a parameter without its tensor, expected one")
			}
			return args[0], nil
		}), nil
	case "argparse.Namespace":
		return &opaqueClass{}, nil
	case "torch.Size", "torch.device", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype", "_codecs.encode",
		"torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64", "torch.int32", "torch.uint8", "torch.bool":
		return &opaqueClass{}, nil
	default:
		return nil, &classFault{class}
	}
}

// callable lets the unpickler call one of our functions.
type callable func(args ...any) (any, error)

// Call implements types.Callable.
func (c callable) Call(args ...any) (any, error) { return c(args...) }

// opaqueClass stands for classes whose values are read over: the namespace of
// the command line, numbers of the training's bookkeeping. Its values are empty.
type opaqueClass struct{}

var (
	_ types.Callable  = (*opaqueClass)(nil)
	_ types.PyNewable = (*opaqueClass)(nil)
)

// Call and PyNew forget their arguments: no pickle can make them grow.
func (*opaqueClass) Call(...any) (any, error)  { return &opaque{}, nil }
func (*opaqueClass) PyNew(...any) (any, error) { return &opaque{}, nil }

type opaque struct{ _ byte }

var _ types.PyStateSettable = (*opaque)(nil)

// PySetState takes any state and keeps none.
func (*opaque) PySetState(any) error { return nil }

// storage is one block of numbers in a checkpoint, not yet read.
type storage struct {
	dtype    DType
	key      string
	elements int
}

// storageOf reads a persistent id: ("storage", type, key, device, elements[, view]).
func storageOf(id any) (any, error) {
	tuple, ok := id.(*types.Tuple)
	if !ok || tuple.Len() < 5 {
		return nil, fmt.Errorf("found a reference that is not a storage, expected storages of tensors")
	}
	kind, _ := tuple.Get(0).(string)
	dtype, okType := tuple.Get(1).(DType)
	key, okKey := tuple.Get(2).(string)
	elements, okSize := tuple.Get(4).(int)
	if kind != "storage" || !okType || !okKey || !okSize || elements < 0 {
		return nil, fmt.Errorf("found a reference that is not a storage, expected storages of tensors")
	}
	if tuple.Len() > 5 && tuple.Get(5) != nil {
		return nil, fmt.Errorf("found a view of a storage, as PyTorch before 0.4 wrote it, expected whole storages; save the checkpoint again with a later PyTorch")
	}
	return &storage{dtype, key, elements}, nil
}

// torchTensor is a strided view of a storage.
type torchTensor struct {
	storage      *storage
	offset       int
	size, stride []int
}

// rebuildTensor is torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata]).
func rebuildTensor(args ...any) (any, error) {
	const expected = "storage, offset, size and stride"
	if len(args) < 4 {
		return nil, fmt.Errorf("found a tensor of %d parts, expected %s", len(args), expected)
	}
	source, ok1 := args[0].(*storage)
	offset, ok2 := args[1].(int)
	size, ok3 := integerTuple(args[2])
	stride, ok4 := integerTuple(args[3])
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return nil, fmt.Errorf("found a tensor of other parts, expected %s", expected)
	}
	return &torchTensor{source, offset, size, stride}, nil
}

func integerTuple(value any) ([]int, bool) {
	tuple, ok := value.(*types.Tuple)
	if !ok || tuple.Len() > MaxAxes {
		return nil, false
	}
	out := make([]int, tuple.Len())
	for i := range out {
		if out[i], ok = tuple.Get(i).(int); !ok || out[i] < 0 {
			return nil, false
		}
	}
	return out, true
}
