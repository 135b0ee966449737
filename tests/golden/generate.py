"""Makes tests/golden/other: a second geometry for `robustvit verify`, in float64, by timm and PyTorch autograd.

Usage: python generate.py OUT   (needs torch, timm, safetensors)
"""
import json
import sys
import types
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from timm.models.vision_transformer import VisionTransformer

SIZE, PATCH, WIDTH, DEPTH, HEADS, CLASSES, BATCH = 48, 16, 40, 2, 5, 4, 2
LAMBDA = dict(lambda_background=2, lambda_foreground=0.3, lambda_relevance=0.8, lambda_confidence=0.2)
ADAMW = dict(lr=1e-3, weight_decay=0.01, betas=[0.9, 0.999], eps=1e-8)


def keep_attention(model):
    def forward(self, x, attn_mask=None, **_):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.num_heads, self.head_dim).permute(2, 0, 3, 1, 4).unbind(0)
        self.kept = (q * self.scale @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((self.kept @ v).transpose(1, 2).reshape(b, n, c))

    for block in model.blocks:
        block.attn.forward = types.MethodType(forward, block.attn)
    return model


def stages(model, x, mask, labels, second_order):
    logits = model(x)
    attention = [block.attn.kept for block in model.blocks]
    target = logits.gather(1, labels[:, None]).sum()
    gradients = torch.autograd.grad(target, attention, retain_graph=True, create_graph=second_order)
    r, rolled = torch.eye(attention[0].shape[-1]).expand(BATCH, -1, -1), []
    for a, g in zip(attention, gradients):
        r = r + (g * a).clamp(min=0).mean(1) @ r
        rolled.append(r)
    low = r[:, 0, 1:].reshape(BATCH, 1, SIZE // PATCH, SIZE // PATCH)
    full = F.interpolate(low, size=(SIZE, SIZE), mode="bilinear", align_corners=False)[:, 0]
    least, most = full.amin((1, 2), keepdim=True), full.amax((1, 2), keepdim=True)
    relevance, s = (full - least) / (most - least), mask[:, 0]
    background = ((relevance * (1 - s)) ** 2).mean()
    foreground = ((relevance * s - s) ** 2).mean()
    confidence = F.cross_entropy(logits, logits.argmax(1))
    total = 0.8 * (2 * background + 0.3 * foreground) + 0.2 * confidence
    out = dict(logits=logits, relevance_low=low[:, 0], relevance=relevance, loss_background=background,
               loss_foreground=foreground, loss_confidence=confidence, loss_total=total)
    for i in range(DEPTH):
        out |= {f"attention.{i}": attention[i], f"attention_gradient.{i}": gradients[i], f"R.{i}": rolled[i]}
    return total, out


def main(folder):
    torch.manual_seed(3)
    torch.set_default_dtype(torch.float64)
    model = keep_attention(VisionTransformer(img_size=SIZE, patch_size=PATCH, embed_dim=WIDTH, depth=DEPTH, num_heads=HEADS, num_classes=CLASSES))
    for p in model.parameters():  # away from the initial near-zero maps; float32 values, so that the file holds them exactly
        p.data = (p.data + torch.randn_like(p) * 0.15).float().double()
    save_file({k: v.float().contiguous() for k, v in model.state_dict().items()}, folder / "vit.safetensors")
    x, mask, labels = torch.randn(BATCH, 3, SIZE, SIZE).float().double(), torch.zeros(BATCH, 1, SIZE, SIZE), torch.tensor([1, 3])
    mask[:, :, 10:30, 14:40] = 1
    values = dict(images=x, masks=mask) | stages(model, x, mask, labels, False)[1]
    named = dict(model.named_parameters())
    for name, second in (("detached", False), ("second", True)):
        gradients = torch.autograd.grad(stages(model, x, mask, labels, second)[0], list(named.values()))
        values |= {f"grad.{name}.{k}": g for k, g in zip(named, gradients)}
    optimizer = torch.optim.AdamW(model.parameters(), ADAMW["lr"], ADAMW["betas"], ADAMW["eps"], ADAMW["weight_decay"])
    for step in range(1, 6):
        total = stages(model, x, mask, labels, False)[0]
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        if step in (1, 5):
            values |= {f"adamw.{step}.{k}": p.detach().clone() for k, p in named.items()}
            values[f"loss_total_before_step.{step}"] = total
    values = {k: v.detach().float().contiguous() for k, v in values.items()}
    save_file(values | dict(labels=labels.int()), folder / "stages.safetensors")
    meta = dict(img=SIZE, patch=PATCH, dim=WIDTH, depth=DEPTH, heads=HEADS, classes=CLASSES, batch=BATCH, adamw=ADAMW, **LAMBDA)
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")


main(Path(sys.argv[1]))
