// Package weights reads and writes model weights: strict safetensors and JAX
// archives in and out, PyTorch checkpoints in, the names of timm, transformers
// and Google's JAX code; and it knows the published models by name.
package weights

// DType is a safetensors element type, spelled as in the file format ("F32", "BF16", ...).
type DType string

// Element types this project computes with; the reader accepts every type of the format.
const (
	F64  DType = "F64"
	F32  DType = "F32"
	F16  DType = "F16"
	BF16 DType = "BF16"
	I64  DType = "I64"
	I32  DType = "I32"
	U8   DType = "U8"
	Bool DType = "BOOL"
)

// Tensor is one named array: little-endian row-major bytes.
type Tensor struct {
	Name  string
	DType DType
	Shape []int // empty for a scalar
	Data  []byte
}

// File is the content of one safetensors file: tensors in file order and free text metadata.
type File struct {
	Tensors  []Tensor
	Metadata map[string]string
}
