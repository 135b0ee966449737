"""Forward, relevance and the finetuning step in PyTorch, on timm's model.

Two steps: "released" does what the published training script does (one gradient
call a layer, the relevance of all tokens, a second forward for the class term and
one of the original model); "lean" does the same mathematics in one forward and
one gradient call. Both update with AdamW; lean takes PyTorch's fused one.
"""
import torch
import torch.nn.functional as F
from timm.models.vision_transformer import Attention, VisionTransformer


class MapAttention(Attention):
    """timm's attention that keeps its map [B, H, N, N], which the fused one hides."""

    def forward(self, x, *_, **__):
        batch, tokens, _ = x.shape
        q, k, v = self.qkv(x).view(batch, tokens, 3, self.num_heads, self.head_dim).permute(2, 0, 3, 1, 4)
        self.map = torch.softmax((self.scale * q) @ k.mT, dim=-1)
        return self.proj((self.map @ v).transpose(1, 2).flatten(2))


def build(task, maps=False, **options):
    v = task["variant"]
    model = VisionTransformer(img_size=v["image_size"], patch_size=v["patch"], embed_dim=v["width"], depth=v["depth"],
                              num_heads=v["heads"], mlp_ratio=v["mlp"] / v["width"], num_classes=v["classes"], **options)
    if maps:
        for block in model.blocks:
            block.attn.__class__ = MapAttention
    return model.to(task["device"])


def inputs(task):
    """Images, masks and labels of a batch, random as the other side's."""
    v, batch = task["variant"], task["batch"]
    size = v["image_size"]
    images = torch.rand(batch, 3, size, size) * 2 - 1
    masks = (torch.rand(batch, 1, size, size) > 0.6).float()
    labels = torch.randint(v["classes"], (batch,))
    return [x.to(task["device"]) for x in (images, masks, labels)]


def weighted(attention, gradient):
    return (gradient * attention).clamp(min=0).mean(1)


def relevance_lean(model, logits, labels, create_graph=False):
    """The CLS row alone, from the last layer to the first: [B, P]."""
    maps = [block.attn.map for block in model.blocks]
    picked = logits.gather(1, labels[:, None]).sum()
    gradients = torch.autograd.grad(picked, maps, retain_graph=True, create_graph=create_graph)
    row = torch.zeros_like(maps[0][:, 0, :1])
    row[..., 0] = 1
    for attention, gradient in zip(reversed(maps), reversed(gradients)):
        row = row + row @ weighted(attention, gradient)
    return row[:, 0, 1:]


def relevance_released(model, logits, labels):
    """All tokens, with a gradient call for each layer: [B, P]."""
    picked = (F.one_hot(labels, logits.shape[1]) * logits).sum()
    tokens = model.blocks[0].attn.map.shape[-1]
    relevance = torch.eye(tokens, device=logits.device).expand(len(logits), -1, -1)
    for block in model.blocks:
        attention = block.attn.map
        (gradient,) = torch.autograd.grad(picked, [attention], retain_graph=True)
        relevance = relevance + torch.bmm(weighted(attention, gradient), relevance)
    return relevance[:, 0, 1:]


def heatmap(task, patches):
    """Upsampled to pixels and scaled to [0, 1]: [B, 1, h, w]."""
    v = task["variant"]
    grid = v["image_size"] // v["patch"]
    pixels = F.interpolate(patches.view(-1, 1, grid, grid), scale_factor=v["patch"], mode="bilinear")
    low, high = pixels.amin((2, 3), keepdim=True), pixels.amax((2, 3), keepdim=True)
    return (pixels - low) / (high - low)


def total_loss(maps, masks, logits, classes):
    background = ((maps * (1 - masks)) ** 2).mean()
    foreground = ((maps * masks - masks) ** 2).mean()
    return 0.8 * (2 * background + 0.3 * foreground) + 0.2 * F.cross_entropy(logits, classes)


def update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def forward(task):
    model, (images, _, _) = build(task).eval(), inputs(task)

    @torch.inference_mode()
    def call():
        model(images).cpu()

    return call, task["batch"]


def relevance(task):
    model, (images, _, _) = build(task, maps=True).eval(), inputs(task)
    model.requires_grad_(False)  # gradients of the maps are asked for, not of the weights
    images.requires_grad_()

    def call():
        logits = model(images)
        patches = relevance_lean(model, logits, logits.argmax(1))
        heatmap(task, patches.detach()).cpu()

    return call, task["batch"]


def step_lean(second_order):
    def make(task):
        model, (images, masks, labels) = build(task, maps=True).train(), inputs(task)
        optimizer = torch.optim.AdamW(model.parameters(), 1e-6, weight_decay=1e-4, fused=True)

        def call():
            logits = model(images)
            patches = relevance_lean(model, logits, labels, create_graph=second_order)
            update(optimizer, total_loss(heatmap(task, patches), masks, logits, logits.argmax(1)))

        return call, task["batch"]

    return make


def step_released(task):
    model, original, (images, masks, labels) = build(task, maps=True).train(), build(task).eval(), inputs(task)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-6, weight_decay=1e-4)

    def call():
        with torch.no_grad():
            classes = original(images).argmax(1)
        patches = relevance_released(model, model(images), labels)
        update(optimizer, total_loss(heatmap(task, patches), masks, model(images), classes))

    return call, task["batch"]


CASES = {
    ("forward", "timm"): forward,
    ("relevance", "lean"): relevance,
    ("step-first-order", "lean"): step_lean(False),
    ("step-first-order", "released"): step_released,
    ("step-second-order", "lean"): step_lean(True),
}
