"""Writes tokencut.safetensors: TokenCut computed with numpy and scipy on generated images and keys.

Run in this folder: python make_tokencut.py (numpy 2, scipy 1.16, safetensors).
Independent of the Go code: dense affinity, scipy.linalg.eigh of the generalised
problem, scipy.ndimage for parts, scipy.sparse for the bilateral solver, from
the equations of the two papers.
"""
import numpy as np
from safetensors.numpy import save_file
from scipy import ndimage, sparse
from scipy.linalg import eigh
from scipy.sparse.linalg import cg, spsolve

TAU, FLOOR = 0.2, 1e-5
SPATIAL, LUMA, CHROMA, LAMBDA, CONFIDENCE = 16, 16, 8, 256, 0.999


def picture(rng, w, h, blobs):
    """Coloured ellipses on a textured ground, and where they are."""
    y, x = np.mgrid[:h, :w]
    base = rng.uniform(40, 215, 3)
    wave = 12 * np.sin(x / rng.uniform(3, 9) + y / rng.uniform(3, 9))
    img = base + wave[..., None] * rng.uniform(0.3, 1, 3)
    inside = np.zeros((h, w), bool)
    for cx, cy, rx, ry in blobs:
        blob = ((x - cx * w) / (rx * w)) ** 2 + ((y - cy * h) / (ry * h)) ** 2 < 1
        img[blob] = (base + rng.uniform(70, 120, 3)) % 255 + 6 * np.sin(x[blob] / 4)[:, None]
        inside |= blob
    return np.clip(img + rng.normal(0, 4, img.shape), 0, 255).astype(np.uint8), inside


def keys_of(rng, inside, gw, gh, width, noise):
    """Random directions for object and ground, mixed by how much of the object a patch holds."""
    h, w = inside.shape
    share = np.array([[inside[j * h // gh:(j + 1) * h // gh, i * w // gw:(i + 1) * w // gw].mean()
                       for i in range(gw)] for j in range(gh)]).reshape(-1, 1)
    thing, ground = rng.normal(size=(2, width))
    smooth = ndimage.gaussian_filter(rng.normal(size=(gh, gw, width)), (2, 2, 0)).reshape(-1, width)
    return (share * thing + (1 - share) * ground + noise * 3 * smooth
            + noise * rng.normal(size=(gw * gh, width))).astype(np.float32)


def cut(keys, gw, gh):
    f = keys.astype(np.float64)
    f /= np.maximum(np.linalg.norm(f, axis=1, keepdims=True), 1e-12)
    a = np.where(f @ f.T > TAU, 1.0, FLOOR)
    d = np.diag(a.sum(1))
    values, vectors = eigh(d - a, d, subset_by_index=[1, 2])
    v = vectors[:, 0]
    seed = np.argmax(np.abs(v))
    side = v > v.mean()
    if not side[seed]:
        side = ~side
    labels, _ = ndimage.label(side.reshape(gh, gw))
    part = labels == labels.flat[seed]
    return v * np.sign(v[seed]), values, part


def solve(img, target):
    h, w, _ = img.shape
    r, g, b = np.moveaxis(img.astype(np.float64), 2, 0)
    y, x = np.mgrid[:h, :w]
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    cb = -0.168736 * r - 0.331264 * g + 0.5 * b + 128
    cr = 0.5 * r - 0.418688 * g - 0.081312 * b + 128
    at = np.stack([x // SPATIAL, y // SPATIAL, luma // LUMA, cb // CHROMA, cr // CHROMA], -1).reshape(-1, 5).astype(int)
    cells, vertex = np.unique(at, axis=0, return_inverse=True)
    vertex, n = vertex.ravel(), len(cells)
    splat = sparse.csr_matrix((np.ones(h * w), (vertex, np.arange(h * w))), (n, h * w))
    index = {tuple(c): i for i, c in enumerate(cells)}
    blur = 10 * sparse.eye(n, format="lil")
    for i, c in enumerate(cells):
        for axis in range(5):
            for step in (-1, 1):
                other = c.copy()
                other[axis] += step
                if tuple(other) in index:
                    blur[i, index[tuple(other)]] += 1
    blur = blur.tocsr()
    m, s = splat @ np.ones(h * w), np.ones(n)
    for _ in range(10):
        s = np.sqrt(s * m / (blur @ s))
    m = s * (blur @ s)
    weight = splat @ np.full(h * w, CONFIDENCE)
    a = LAMBDA * (sparse.diags(m) - sparse.diags(s) @ blur @ sparse.diags(s)) + sparse.diags(weight)
    right = splat @ (CONFIDENCE * target.ravel().astype(np.float64))
    condition = sparse.diags(1 / np.maximum(a.diagonal(), 1e-5))
    found, _ = cg(a, right, x0=right / weight, M=condition, maxiter=25, rtol=1e-5)
    exact = spsolve(a.tocsc(), right)
    print(f"  solver: {n} vertices, 25 steps differ from the exact solution by {np.abs(found - exact).max():.2g}")
    return (splat.T @ found).reshape(h, w)


def refine(img, part):
    h, w, _ = img.shape
    gh, gw = part.shape
    coarse = part[np.arange(h) * gh // h][:, np.arange(w) * gw // w]
    soft = solve(img, coarse)
    filled = ndimage.binary_fill_holes(soft > 0.5)
    labels, count = ndimage.label(filled)
    largest = labels == 1 + np.argmax([np.sum(labels == k + 1) for k in range(count)]) if count else filled
    iou = (largest & coarse).sum() / (largest | coarse).sum()
    return soft, (largest if iou >= 0.5 else coarse), iou


CASES = {
    "small": (96, 64, 6, 4, [(0.5, 0.5, 0.25, 0.3)], 0.15),
    "wide": (110, 83, 18, 13, [(0.35, 0.45, 0.2, 0.25)], 0.35),
    "two": (90, 120, 15, 20, [(0.3, 0.25, 0.2, 0.14), (0.7, 0.75, 0.22, 0.16)], 0.3),
    "noisy": (100, 100, 16, 16, [(0.6, 0.6, 0.3, 0.2)], 0.8),
}

tensors = {}
for k, (name, (w, h, gw, gh, blobs, noise)) in enumerate(CASES.items()):
    rng = np.random.default_rng(20 + k)
    img, inside = picture(rng, w, h, blobs)
    keys = keys_of(rng, inside, gw, gh, 12, noise)
    vector, values, part = cut(keys, gw, gh)
    soft, final, iou = refine(img, part)
    print(name, "lambda", values, "agreement", round(iou, 4), "IoU with the drawing", (final & inside).sum() / (final | inside).sum())
    tensors |= {
        f"{name}.image": img, f"{name}.keys": keys, f"{name}.vector": vector.reshape(gh, gw), f"{name}.lambda": values,
        f"{name}.part": np.packbits(part), f"{name}.soft": soft.astype(np.float16), f"{name}.mask": np.packbits(final),
    }
save_file(tensors, "tokencut.safetensors")
