package weights

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nlpodyssey/gopickle/pickle"
)

// ReadCheckpoint reads the weights out of a PyTorch checkpoint (.pth,
// .pth.tar, .pt, .bin; zip layout or the one before PyTorch 1.6). Nothing in
// it is executed: classes beyond tensors, dicts, numbers and
// argparse.Namespace end the reading with an error that names them. Of a
// training checkpoint the averaged weights are taken where they are there, as
// timm does, else state_dict or model; module. prefixes are removed, other
// names stay (ToTimm changes them).
func ReadCheckpoint(path string) (*File, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := DecodeCheckpoint(f, f.size, path)
	if err != nil {
		return nil, err
	}
	return file, f.unchanged()
}

// DecodeCheckpoint is ReadCheckpoint for the size bytes of r; name is what errors call it.
func DecodeCheckpoint(r io.ReaderAt, size int64, name string) (file *File, err error) {
	defer func() { // gopickle meets hostile input: a fault of its own must not end the program
		if recover() != nil {
			file, err = nil, checkpointFault(name, errors.New("found a pickle that makes no sense, expected a state dict"))
		}
	}()
	head := make([]byte, max(0, min(size, sniffBytes)))
	if err := readFull(r, head, 0, name); err != nil {
		return nil, err
	}
	source := checkpointSource{r, size}
	switch {
	case isSafetensors(head):
		return nil, &Fault{File: name, Found: "safetensors", Expected: "a PyTorch checkpoint", Next: "the file needs no unpickling: use it as it is"}
	case IsNPZ(head):
		return nil, &Fault{File: name, Found: "a NumPy archive", Expected: "a PyTorch checkpoint", Next: convertHint(name)}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		file, err = source.readZip()
	case isPickle(head):
		file, err = source.readLegacy()
	default:
		if foreign := sniff(head, name); foreign != nil {
			return nil, foreign
		}
		return nil, &Fault{File: name, Found: "a file of unknown kind", Expected: "a PyTorch checkpoint", Next: archiveDamaged}
	}
	if err != nil {
		return nil, checkpointFault(name, err)
	}
	return file, nil
}

// checkpointFault gives an error the file's name and the next step.
func checkpointFault(name string, err error) error {
	next := "save the weights alone in Python and convert that file: torch.save(checkpoint['state_dict'], 'weights.pth')"
	if _, ok := errors.AsType[*classFault](err); !ok {
		next = archiveDamaged
	}
	return fmt.Errorf("checkpoint %q: %w; %s", name, err, next)
}

// unpickle builds the value of one scanned pickle out of our own types.
func unpickle(data []byte, persistent func(any) (any, error)) (any, error) {
	u := pickle.NewUnpickler(bytes.NewReader(data))
	u.FindClass = findClass
	u.PersistentLoad = persistent
	value, err := u.Load()
	if err != nil && len(err.Error()) > 300 { // gopickle prints whole values
		err = fmt.Errorf("%.300s...", err)
	}
	return value, err
}

// state is the part of a checkpoint that holds the weights.
type state struct {
	names    []string
	tensors  []*torchTensor
	metadata map[string]string
}

// stateKeys are the places of the weights in a training checkpoint, the averaged first.
var stateKeys = []string{"state_dict_ema", "model_ema", "state_dict", "model", "teacher"}

// findState picks the weights out of the unpickled value.
func findState(root any) (*state, error) {
	entries, ok := dictEntries(root)
	if !ok {
		return nil, fmt.Errorf("found a checkpoint that is not a dict, expected a state dict or a dict that holds one")
	}
	s := &state{metadata: map[string]string{"source_format": "PyTorch checkpoint"}}
	chosen := entries
	for _, key := range stateKeys {
		if inner, ok := dictEntries(lookup(entries, key)); ok {
			s.metadata["checkpoint_key"] = key
			chosen = inner
			break
		}
	}
	if arch, ok := lookup(entries, "arch").(string); ok && len(arch) < 200 {
		s.metadata["arch"] = strings.ToValidUTF8(arch, "?")
	}
	if epoch, ok := lookup(entries, "epoch").(int); ok {
		s.metadata["epoch"] = fmt.Sprint(epoch)
	}
	return s, s.fill(chosen)
}

// fill takes the entries of the state dict; one that is not a tensor is an error, never left out in silence.
func (s *state) fill(entries []entry) error {
	for _, e := range entries {
		name, okName := e.key.(string)
		tensor, okTensor := e.value.(*torchTensor)
		switch {
		case okName && okTensor:
			s.names = append(s.names, name)
			s.tensors = append(s.tensors, tensor)
		case s.metadata["checkpoint_key"] == "" && len(s.names) == 0:
			return fmt.Errorf("found a dict with the keys %s, expected tensors or one of the keys %s", keyList(entries), strings.Join(stateKeys, ", "))
		default:
			if !okName {
				name = fmt.Sprintf("(%T)", e.key)
			}
			return fmt.Errorf("found the entry %s that is not a tensor, expected tensors only in the state dict", brief(name))
		}
	}
	if len(s.names) == 0 {
		return fmt.Errorf("found a state dict without tensors, expected weights")
	}
	return nil
}
