"""Writes what torchvision's and timm's own transforms do with pictures of odd
sizes: sizes, hashes of the output, and a few tiny outputs.
Run with Pillow 13.0.0, torchvision 0.29.2, timm 1.0.31:
python make_geometry.py"""
import hashlib
import json

import numpy as np
import timm.data
from PIL import Image
from torchvision import transforms
from torchvision.transforms import InterpolationMode

SIZES = [(1, 1), (1, 7), (9, 2), (31, 32), (33, 33), (37, 29), (29, 37), (50, 101), (101, 50), (63, 200),
         (255, 257), (257, 255), (300, 199), (199, 300), (33, 5), (5, 33), (73, 74), (248, 249), (500, 375)]
PROTOCOLS = [("paper", 32, 0, "bilinear", "center"), ("paper", 224, 0, "bilinear", "center"), ("paper", 48, 0, "bilinear", "center")]
for size in (32, 48, 224):
    for crop in (0.9, 0.875, 0.95, 1.0):
        PROTOCOLS.append(("timm", size, crop, "bicubic", "center"))
PROTOCOLS += [("timm", 32, 0.9, "bilinear", "center"), ("timm", 32, 0.9, "bicubic", "squash"), ("timm", 48, 1.0, "bilinear", "squash")]


def picture(width, height):
    """The same arithmetic as the Go test: no file is needed."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([(x * 7 + y * 13) % 256, (x * x + 3 * y) % 256, (x * y + 11 * x) % 256], -1).astype(np.uint8)


def transform(name, size, crop, interpolation, mode):
    if name == "paper":  # the released code, scaled to the size
        return transforms.Compose([transforms.Resize(round(256 / 224 * size), InterpolationMode.BILINEAR), transforms.CenterCrop(size)])
    whole = timm.data.create_transform((3, size, size), is_training=False, interpolation=interpolation, crop_pct=crop, crop_mode=mode)
    return transforms.Compose([t for t in whole.transforms if type(t).__name__ in ("Resize", "ResizeKeepRatio", "CenterCrop", "CenterCropOrPad")])


rows = []
for name, size, crop, interpolation, mode in PROTOCOLS:
    apply = transform(name, size, crop, interpolation, mode)
    for width, height in SIZES:
        if size == 224 and max(width, height) / min(width, height) > 3:
            continue
        out = np.asarray(apply(Image.fromarray(picture(width, height))))
        assert out.shape == (size, size, 3)
        rows.append({"protocol": name, "size": size, "crop": crop, "filter": interpolation, "mode": mode, "width": width,
                     "height": height, "sha256": hashlib.sha256(out.tobytes()).hexdigest()[:16]})
with open("geometry.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]\n")
print(len(rows))
