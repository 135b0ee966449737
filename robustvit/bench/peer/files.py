"""The cases that begin with files: evaluation of JPEGs with timm's loader, a page
of relevance maps, weights to first logits, TokenCut."""
import base64
import html
import io
import os

import numpy
import timm.data
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file

from steps import build, heatmap, inputs, relevance_lean


def photos(task):
    found = []
    for folder, _, names in os.walk(task["photos"]):
        found += [os.path.join(folder, name) for name in names if name.endswith(".jpg")]
    return sorted(found)


def preprocessing(task):
    v = task["variant"]
    return {"input_size": (3, v["image_size"], v["image_size"]), "interpolation": "bicubic", "mean": v["mean"], "std": v["std"], "crop_pct": 0.9}


def evaluation(task):
    model, data = build(task).eval(), timm.data.create_dataset("", root=task["photos"])
    device = torch.device(task["device"])
    loader = timm.data.create_loader(data, batch_size=task["batch"], num_workers=task["threads"], device=device,
                                     use_prefetcher=device.type == "cuda", **preprocessing(task))

    @torch.inference_mode()
    def call():
        for images, _ in loader:
            model(images.to(device)).topk(5).indices.cpu()

    return call, len(data)


def page(task):
    """One self-contained page: each photograph, its map laid over it, five classes."""
    model, transform = build(task, maps=True).eval(), timm.data.create_transform(**preprocessing(task))
    model.requires_grad_(False)
    paths = photos(task)[: task["batch"]]

    def call():
        images = torch.stack([transform(Image.open(path).convert("RGB")) for path in paths]).to(task["device"]).requires_grad_()
        logits = model(images)
        maps = heatmap(task, relevance_lean(model, logits, logits.argmax(1)).detach()).cpu().numpy()
        best = logits.detach().softmax(1).topk(5)
        items = [item(path, pixels(task, image), relevance[0], values, classes)
                 for path, image, relevance, values, classes in zip(paths, images.detach().cpu(), maps, *map(torch.Tensor.tolist, best))]
        with open(os.path.join(task["scratch"], "peer.html"), "w") as out:
            out.write("<!DOCTYPE html><title>Relevance</title>" + "\n".join(items))

    return call, len(paths)


def pixels(task, image):
    v = task["variant"]
    rgb = image.numpy().transpose(1, 2, 0) * numpy.array(v["std"]) + numpy.array(v["mean"])
    return (rgb * 255).round().clip(0, 255).astype(numpy.uint8)


def item(path, rgb, relevance, values, classes):
    ramp = numpy.stack([relevance, 1 - abs(2 * relevance - 1), 1 - relevance], axis=-1) * 255
    laid = (0.5 * rgb + 0.5 * ramp).astype(numpy.uint8)
    top = ", ".join(f"class {c} {100 * p:.1f} %" for p, c in zip(values, classes))
    return f"<h2>{html.escape(os.path.basename(path))}</h2>{png(rgb)}{png(laid)}<p>{top}</p>"


def png(rgb):
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG")
    return f'<img src="data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}">'


def load(lean):
    def make(task):
        images = inputs(task)[0][:1]

        @torch.inference_mode()
        def call():
            if lean:  # nothing is initialised that the file replaces
                with torch.device("meta"):
                    model = build({**task, "device": "meta"})
                model.load_state_dict(load_file(task["weights"], device=task["device"]), assign=True)
            else:
                model = build(task)
                model.load_state_dict(load_file(task["weights"]))
            model.eval()(images).cpu()

        return call, 1

    return make


def tokencut(task):
    """Each photograph at its own grid: keys of the last layer, normalised cut, the part with the seed."""
    model, paths, patch = build(task, dynamic_img_size=True).eval(), photos(task)[:4], task["variant"]["patch"]
    mean, std = (torch.tensor(task["variant"][name]).view(3, 1, 1) for name in ("mean", "std"))

    @torch.inference_mode()
    def call():
        for path in paths:
            photo = Image.open(path).convert("RGB")
            columns, rows = round(photo.width / patch), round(photo.height / patch)
            seen = numpy.array(photo.resize((columns * patch, rows * patch), Image.Resampling.BICUBIC))
            image = (torch.from_numpy(seen).permute(2, 0, 1) / 255 - mean) / std
            mask = cut(keys(model, image[None].to(task["device"])), rows, columns)
            F.interpolate(mask[None, None].float(), (photo.height, photo.width))

    return call, len(paths)


def keys(model, images):
    """Keys of the last block, all heads side by side: [P, C]."""
    x = model.norm_pre(model._pos_embed(model.patch_embed(images)))
    x = model.blocks[:-1](x)
    last = model.blocks[-1]
    return last.attn.qkv(last.norm1(x)).chunk(3, dim=-1)[1][0, 1:]


def cut(k, rows, columns):
    k = F.normalize(k, dim=1)
    affinity = torch.where(k @ k.T > 0.2, 1.0, 1e-5).double()
    scale = affinity.sum(1).rsqrt()
    laplacian = torch.eye(len(k), device=k.device, dtype=torch.double) - scale[:, None] * affinity * scale
    vector = scale * torch.linalg.eigh(laplacian)[1][:, 1]
    seed = vector.abs().argmax()
    above = vector > vector.mean()
    if not above[seed]:
        above = ~above
    return connected(above.view(1, 1, rows, columns), int(seed))


def connected(mask, seed):
    """The part of the mask [1, 1, rows, columns] that holds the seed, grown until it stands still."""
    part = torch.zeros_like(mask).float()
    part.view(-1)[seed] = 1
    while True:
        grown = (F.max_pool2d(part, (3, 1), 1, (1, 0)) + F.max_pool2d(part, (1, 3), 1, (0, 1))).clamp(max=1) * mask
        if torch.equal(grown, part):
            return part[0, 0]
        part = grown


CASES = {
    ("evaluation", "timm"): evaluation,
    ("page", "lean"): page,
    ("load", "timm"): load(False),
    ("load", "lean"): load(True),
    ("tokencut", "torch"): tokencut,
}
