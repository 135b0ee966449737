"""Writes patches.safetensors: the last block's keys and CLS attention at rectangular sizes, by timm.

Run in this folder: python make_patches.py (torch, timm, safetensors). The model
is tests/golden/micro: 32 px, patch 8. timm interpolates the positions
(dynamic_img_size), in float64.
"""
import torch
from safetensors.torch import load_file, save_file
from timm.models.vision_transformer import VisionTransformer

torch.set_default_dtype(torch.float64)
model = VisionTransformer(img_size=32, patch_size=8, embed_dim=24, depth=3, num_heads=3, num_classes=7, dynamic_img_size=True)
model.load_state_dict({k: v.double() for k, v in load_file("../../tests/golden/micro/vit.safetensors").items()})
model.eval()
seen = {}
block = model.blocks[-1].attn
block.qkv.register_forward_hook(lambda module, inputs, output: seen.update(qkv=output))
torch.manual_seed(5)
out = {}
for name, (h, w) in {"wide": (24, 56), "high": (40, 16), "square": (32, 32)}.items():
    image = torch.randn(1, 3, h, w).float()
    with torch.no_grad():
        model(image.double())
    q, k, _ = seen["qkv"][0].reshape(-1, 3, 3, 8).permute(1, 2, 0, 3)  # [3 of qkv, H, N, C/H]
    attention = (q @ k.transpose(1, 2) / 8**0.5).softmax(-1)[:, 0, 1:]
    out |= {f"{name}.image": image[0], f"{name}.keys": k[:, 1:].transpose(0, 1).flatten(1).float().contiguous(), f"{name}.attention": attention.float().contiguous()}
save_file(out, "patches.safetensors")
