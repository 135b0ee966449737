"""Writes the fixtures of data/mat73 and data/gtsegs with h5py: segmentation
test sets of three pictures in the layout of gtsegs_ijcv.mat, each written
another way, and their pixels in expected.json.

    python make_mat.py [FOLDER]
"""

import json
import pathlib
import sys

import h5py
import numpy as np

HEADER = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan 01 00:00:00 2024 HDF5 schema 1.00 ."
SIZES = [(12, 9), (7, 10), (16, 16)]  # width, height
DEFLATE = dict(compression="gzip", compression_opts=3)
CHECKED = dict(DEFLATE, shuffle=True, fletcher32=True)


def picture(i):
    """Image [h, w, 3] and mask [h, w] number i: no two rows, columns or channels are equal."""
    width, height = SIZES[i]
    y, x = np.mgrid[:height, :width]
    image = np.stack([(40 * i + 13 * y + 5 * x + 70 * c + x * y) % 256 for c in range(3)], axis=2)
    mask = (2 * x > width // 2) & (3 * y > height) & (x + y < width + height - 3 - i)
    return image.astype(np.uint8), mask.astype(np.uint8)


def put(group, name, array, storage, marks):
    if storage == "compact":
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple(array.shape)
        kind = h5py.h5t.py_create(array.dtype, logical=True)
        h5py.h5d.create(group.id, name.encode(), kind, space, plist).write(h5py.h5s.ALL, h5py.h5s.ALL, array)
    else:
        options = dict(storage)
        if "chunk" in options:
            options["chunks"] = tuple(min(options["chunk"], n) for n in array.shape)
            del options["chunk"]
        elif options:
            options["chunks"] = array.shape
        group.create_dataset(name, data=array, **options)
    for key, value in marks.items():
        group[name].attrs[key] = value
    return group[name].ref


def write(path, libver, storage, nested=True, row=False, kind=np.uint8, extra=0, userblock=512):
    """One set; the words are MATLAB's: a cell array is a data set of references into #refs#."""
    with h5py.File(path, "w", libver=libver, userblock_size=userblock) as file:
        refs, value = file.create_group("#refs#"), file.create_group("value")
        value.attrs["MATLAB_class"] = np.bytes_("struct")
        for i in range(extra):
            put(file, f"variable{i:03d}", np.array([[float(i)]]), {}, {"MATLAB_class": np.bytes_("double")})
        cells = {"gt": [], "id": [], "img": []}
        for i in range(len(SIZES)):
            image, mask = picture(i)
            text = np.array([[ord(c)] for c in f"n{i:08d}_1"], dtype=np.uint16)
            cells["img"].append(put(refs, f"i{i}", image.transpose(2, 1, 0).copy(), storage, {"MATLAB_class": np.bytes_("uint8")}))
            target = put(refs, f"m{i}", np.ascontiguousarray(mask.T, dtype=kind), storage, {"MATLAB_class": np.bytes_("logical"), "MATLAB_int_decode": np.int32(1)})
            if nested:
                cell = np.empty((1, 1), dtype=h5py.ref_dtype)
                cell[0, 0] = target
                target = put(refs, f"g{i}", cell, {}, {"MATLAB_class": np.bytes_("cell")})
            cells["gt"].append(target)
            cells["id"].append(put(refs, f"t{i}", text, {}, {"MATLAB_class": np.bytes_("char")}))
        for name, list_ in cells.items():
            cell = np.empty((1, len(list_)) if row else (len(list_), 1), dtype=h5py.ref_dtype)
            for i, ref in enumerate(list_):
                cell[(0, i) if row else (i, 0)] = ref
            put(value, name, cell, {}, {"MATLAB_class": np.bytes_("cell")})
    if userblock:
        with open(path, "r+b") as file:
            file.write(HEADER.ljust(116) + bytes(8) + b"\x00\x02IM")


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    old, middle, new = "earliest", ("v108", "v108"), "latest"
    write(folder / "matlab.mat", old, DEFLATE)
    write(folder / "contiguous.mat", old, {}, kind=np.float64)
    write(folder / "direct.mat", old, dict(CHECKED, chunk=5), nested=False, row=True)
    write(folder / "compact.mat", old, "compact", kind=">i4", extra=40)
    write(folder / "tiles.mat", old, dict(DEFLATE, chunk=2), kind=np.float32)
    write(folder / "v108.mat", middle, dict(CHECKED, chunk=4))
    write(folder / "latest.mat", new, CHECKED, kind=np.int16)
    write(folder / "latest_contiguous.mat", new, {}, userblock=0)
    write(folder / "latest_tiles.mat", new, dict(DEFLATE, chunk=5))
    pictures = [picture(i) for i in range(len(SIZES))]
    expected = [dict(width=w, height=h, pix=i.ravel().tolist(), mask=m.ravel().tolist()) for (w, h), (i, m) in zip(SIZES, pictures)]
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
