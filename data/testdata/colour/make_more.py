"""Writes the files whose kinds Pillow cannot save directly, with Pillow's
reading of each: Adam7 interlaced PNG of several depths, JPEG whose Adobe
marker says YCCK, RGB or is missing, CMYK in progressive scans, EXIF
orientation 1 to 8, an ICC profile, 16-bit gray with alpha.
Run with Pillow 13.0.0: python make_more.py"""
import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

WIDTH, HEIGHT = 37, 29
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
rgb = np.stack([x * 6 % 256, (y * 8 + x) % 256, (x * y) // 5 % 256], -1).astype(np.uint8)
photo = Image.fromarray(rgb)


def keep(name, content):
    with open(name, "wb") as f:
        f.write(content)
    Image.open(name).convert("RGB").save(f"{name}.want.png", exif=b"", icc_profile=None)


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def interlaced(samples, depth, colour):
    """Adam7 without filters; samples [h, w, channels] of depth bits."""
    lines = b""
    for top, left, down, across in ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)):
        part = samples[top::down, left::across]
        for row in part if part.size else ():
            if depth == 16:
                packed = row.astype(">u2").tobytes()
            else:
                bits = ((row.reshape(-1, 1).astype(np.uint8) >> np.arange(depth - 1, -1, -1)) & 1).reshape(-1)
                packed = np.packbits(bits).tobytes()
            lines += b"\0" + packed
    head = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], depth, colour, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def adobe(content, transform):
    """Sets the colour transform of the APP14 marker, or takes the marker out (None)."""
    at = content.index(b"\xff\xee\x00\x0eAdobe")
    if transform is None:
        return content[:at] + content[at + 16:]
    return content[:at + 15] + bytes([transform]) + content[at + 16:]


keep("interlaced.png", interlaced(rgb, 8, 2))
keep("interlaced16.png", interlaced(rgb.astype(np.uint16) * 257 + 99, 16, 2))
keep("interlaced_gray.png", interlaced(rgb[:, :, :1], 8, 0))
keep("interlaced_1bit.png", interlaced((rgb[:, :, :1] > 100).astype(np.uint8), 1, 0))
keep("interlaced_alpha.png", interlaced(np.concatenate([rgb, rgb[:, :, :1]], -1), 8, 6))

cmyk = Image.fromarray(np.concatenate([rgb, rgb[:, :, 1:2] // 2], -1), "CMYK")
plain = saved(cmyk, format="JPEG", quality=90)
keep("cmyk_ycck.jpg", adobe(plain, 2))
keep("cmyk_no_marker.jpg", adobe(plain, None))
keep("cmyk_progressive.jpg", saved(cmyk, format="JPEG", quality=90, progressive=True))
keep("rgb_adobe.jpg", saved(photo, format="JPEG", quality=90, keep_rgb=True))
keep("icc.jpg", saved(photo, format="JPEG", quality=90, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()))
keep("progressive_420.jpg", saved(photo, format="JPEG", quality=80, progressive=True, subsampling=2))
keep("restarts.jpg", saved(photo, format="JPEG", quality=80, restart_marker_blocks=1))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[274] = orientation
    keep(f"orientation{orientation}.jpg", saved(Image.fromarray(rgb[:9, :11]), format="JPEG", quality=90, exif=exif))
