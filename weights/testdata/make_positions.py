"""Writes positions.safetensors: position embeddings as timm resamples them.

    python weights/testdata/make_positions.py

Needs torch, timm and safetensors. Every case has an input [1, prefix+grid*grid, 3]
and the result of timm.layers.resample_abs_pos_embed (bicubic, antialias).
"""

import pathlib

import torch
from safetensors.torch import save_file
from timm.layers import resample_abs_pos_embed

CASES = [  # prefix, grid, h, w
    (1, 14, 24, 24),
    (1, 14, 7, 7),
    (2, 14, 12, 12),
    (1, 14, 14, 14),
    (1, 14, 23, 31),
    (1, 6, 31, 5),
    (0, 5, 1, 2),
    (1, 1, 3, 3),
]

torch.manual_seed(14)
tensors = {}
for prefix, grid, h, w in CASES:
    pos = torch.randn(1, prefix + grid * grid, 3)
    new = resample_abs_pos_embed(pos, new_size=(h, w), old_size=(grid, grid), num_prefix_tokens=prefix,
                                 interpolation="bicubic", antialias=True)
    name = f"{prefix}.{grid}.{h}.{w}"
    tensors[name + ".in"], tensors[name + ".out"] = pos, new.clone()
save_file(tensors, pathlib.Path(__file__).with_name("positions.safetensors"))
