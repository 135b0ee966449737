"""Small PNG files with every EXIF orientation, and Pillow's exif_transpose of
each; broken.png has an EXIF chunk that leads nowhere.
Run with Pillow 13.0.0: python make_exif.py"""
import numpy as np
from PIL import Image, ImageOps
from PIL.Image import Exif
from PIL.PngImagePlugin import PngInfo

pixels = np.random.default_rng(5).integers(0, 256, (5, 7, 3)).astype(np.uint8)
for orientation in range(1, 9):
    exif = Exif()
    exif[274] = orientation
    name = f"turned{orientation}.png"
    Image.fromarray(pixels).save(name, exif=exif)
    ImageOps.exif_transpose(Image.open(name)).convert("RGB").save(f"{name}.want.png", exif=b"")
info = PngInfo()
info.add(b"eXIf", b"MM\x00*\xff\xff\xff\xf0")
Image.fromarray(pixels).save("broken.png", pnginfo=info)
info = PngInfo()
info.add(b"eXIf", b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x09\x00\x00\x00")
Image.fromarray(pixels).save("nine.png", pnginfo=info)
