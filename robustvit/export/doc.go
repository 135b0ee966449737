// Package export takes weights away: it writes them as timm, transformers, JAX
// or a plain safetensors file, with a parity file of inputs and the logits that they
// gave here, reads the result back and refuses to report success unless every
// weight is the same bit for bit. Convert is the way in for
// PyTorch and JAX checkpoints and model folders.
package export
