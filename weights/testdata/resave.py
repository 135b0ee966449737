"""Reads a safetensors file with the reference implementation and writes it again: resave.py IN OUT."""
import sys

from safetensors import safe_open
from safetensors.torch import load_file, save_file

with safe_open(sys.argv[1], "pt") as f:
    metadata = f.metadata()
save_file(load_file(sys.argv[1]), sys.argv[2], metadata)
