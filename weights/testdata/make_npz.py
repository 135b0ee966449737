"""Writes jax.npz and arrays.npz with arrays.safetensors.

    python weights/testdata/make_npz.py

jax.npz holds the weights of tests/golden/micro/vit.safetensors as Google's ViT
checkpoints lay them out (compressed); timm's own loader for these checkpoints
has to read the same weights back from it. arrays.npz holds every element type
and order that the reader takes, arrays.safetensors what it has to find.
Needs numpy, torch, timm and safetensors.
"""

import pathlib

import numpy as np
import timm
import torch
from safetensors.numpy import load_file, save_file

HERE = pathlib.Path(__file__).parent
WIDTH, DEPTH, HEADS = 24, 3, 3

timm_weights = load_file(HERE / "../../tests/golden/micro/vit.safetensors")


def jax_layout(w):
    """timm's tensors as JAX arrays: kernels with inputs first, heads apart."""
    arrays = {
        "cls": w["cls_token"],
        "embedding/kernel": np.einsum("oihw->hwio", w["patch_embed.proj.weight"]),
        "embedding/bias": w["patch_embed.proj.bias"],
        "Transformer/posembed_input/pos_embedding": w["pos_embed"],
        "Transformer/encoder_norm/scale": w["norm.weight"],
        "Transformer/encoder_norm/bias": w["norm.bias"],
        "head/kernel": w["head.weight"].T,
        "head/bias": w["head.bias"],
    }
    for i in range(DEPTH):
        ours, theirs = f"blocks.{i}.", f"Transformer/encoderblock_{i}/"
        attention = theirs + "MultiHeadDotProductAttention_1/"
        kernels = np.split(w[ours + "attn.qkv.weight"], 3)
        biases = np.split(w[ours + "attn.qkv.bias"], 3)
        for part, kernel, bias in zip(("query", "key", "value"), kernels, biases):
            arrays[f"{attention}{part}/kernel"] = kernel.T.reshape(WIDTH, HEADS, -1)
            arrays[f"{attention}{part}/bias"] = bias.reshape(HEADS, -1)
        arrays[attention + "out/kernel"] = w[ours + "attn.proj.weight"].T.reshape(HEADS, -1, WIDTH)
        arrays[attention + "out/bias"] = w[ours + "attn.proj.bias"]
        for number, norm in ((0, "norm1"), (2, "norm2")):
            arrays[f"{theirs}LayerNorm_{number}/scale"] = w[f"{ours}{norm}.weight"]
            arrays[f"{theirs}LayerNorm_{number}/bias"] = w[f"{ours}{norm}.bias"]
        for number in (0, 1):
            arrays[f"{theirs}MlpBlock_3/Dense_{number}/kernel"] = w[f"{ours}mlp.fc{number + 1}.weight"].T
            arrays[f"{theirs}MlpBlock_3/Dense_{number}/bias"] = w[f"{ours}mlp.fc{number + 1}.bias"]
    return {name: np.ascontiguousarray(a) for name, a in arrays.items()}


np.savez_compressed(HERE / "jax.npz", **jax_layout(timm_weights))
model = timm.models.VisionTransformer(img_size=32, patch_size=8, embed_dim=WIDTH, depth=DEPTH, num_heads=HEADS,
                                      mlp_ratio=timm_weights["blocks.0.mlp.fc1.bias"].size / WIDTH, num_classes=7)
model.load_pretrained(str(HERE / "jax.npz"))
for name, tensor in model.state_dict().items():
    assert torch.equal(tensor, torch.from_numpy(timm_weights[name])), name

rng = np.random.default_rng(14)
values = rng.standard_normal((3, 4, 5))
arrays = {
    "f8": values,
    "f4": values.astype(np.float32),
    "f2": values.astype(np.float16),
    "i8": np.arange(-3, 3),
    "i4": np.arange(6, dtype=np.int32).reshape(2, 3),
    "u1": np.arange(250, 256, dtype=np.uint8),
    "fortran": np.asfortranarray(values.astype(np.float32)),
    "fortran2": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "scalar": np.float32(2.5),
    "none": np.zeros((0, 3), np.float32),
    "one": np.ones((1,), np.float32),
}
np.savez(HERE / "arrays.npz", **arrays)
save_file({name: np.ascontiguousarray(a).reshape(np.shape(a)) for name, a in arrays.items()}, HERE / "arrays.safetensors")
