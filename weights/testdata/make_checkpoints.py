"""Writes the small checkpoints of this folder with PyTorch: python make_checkpoints.py FOLDER."""
import argparse
import collections
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

root = Path(sys.argv[1])
base = torch.arange(24, dtype=torch.float32).reshape(4, 6) / 7
state = collections.OrderedDict(
    f32=base.clone(),
    parameter=torch.nn.Parameter(base[:2].clone()),
    transposed=base.t(),
    row=base[2],
    column=base[:, 1],
    f64=base.double(),
    f16=base.half(),
    bf16=base.bfloat16(),
    i64=torch.tensor([-1, 2**62]),
    i32=torch.tensor([[-5]], dtype=torch.int32),
    i16=torch.tensor([7, -7], dtype=torch.int16),
    i8=torch.tensor([-8], dtype=torch.int8),
    u8=torch.tensor([0, 255], dtype=torch.uint8),
    flag=torch.tensor([True, False, True]),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 3),
)
state["tied"] = state["f32"]
args = argparse.Namespace(lr=1e-4, betas=(0.9, 0.999), name="run", nested={"a": [1, None]}, best=np.float64(3.5))
optimizer = {"state": {0: {"step": torch.tensor(3.0), "exp_avg": base * 0}}, "param_groups": [{"lr": 0.1, "params": [0]}]}
checkpoint = {"epoch": 5, "arch": "mixed", "args": args, "best": np.float32(1.5), "optimizer": optimizer,
              "size": base.shape, "device": torch.device("cpu"), "dtype": torch.float32,
              "model": {"module." + name: t for name, t in state.items()}}
torch.save(checkpoint, root / "mixed.pth")
torch.save(checkpoint, root / "mixed_legacy.pth", _use_new_zipfile_serialization=False)
torch.save(checkpoint, root / "mixed_protocol4.pth", pickle_protocol=4)
torch.save(state, root / "state.pth")
save_file({name: t.detach().contiguous().clone() for name, t in state.items()}, root / "mixed.safetensors")
