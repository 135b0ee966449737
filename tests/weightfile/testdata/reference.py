"""The reference implementation of safetensors, as the tests ask it.

reference.py write OUT          every element type that it writes, in ranks 0 to 5
reference.py resave IN OUT      reads a file and writes it again
reference.py judge OUT FILE...  which files it accepts, as JSON
"""
import ctypes
import json
import os
import sys

import safetensors
from safetensors import TensorSpec, deserialize, safe_open, serialize_file

# Names of the writer by those in the file.
DTYPES = {
    "BOOL": "bool", "F4": "float4_e2m1fn_x2", "U8": "uint8", "I8": "int8", "F8_E5M2": "float8_e5m2", "F8_E4M3": "float8_e4m3fn",
    "F8_E8M0": "float8_e8m0fnu", "F8_E4M3FNUZ": "float8_e4m3fnuz", "F8_E5M2FNUZ": "float8_e5m2fnuz", "I16": "int16", "U16": "uint16",
    "F16": "float16", "BF16": "bfloat16", "I32": "int32", "U32": "uint32", "F32": "float32", "C64": "complex64", "F64": "float64",
    "I64": "int64", "U64": "uint64",
}
BITS = {"BOOL": 8, "F4": 4, "U8": 8, "I8": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64,
        "F64": 64, "I64": 64, "U64": 64}


def save(tensors, out, metadata):
    """tensors: name -> (dtype in the file, shape, bytes)"""
    specs, kept = {}, []
    for name, (dtype, shape, data) in tensors.items():
        buffer = ctypes.create_string_buffer(bytes(data), max(len(data), 1))
        kept.append(buffer)
        if dtype == "F4":  # the writer counts pairs
            shape = [*shape[:-1], shape[-1] // 2]
        specs[name] = TensorSpec(dtype=DTYPES[dtype], shape=shape, data_ptr=ctypes.addressof(buffer), data_len=len(data))
    serialize_file(specs, out, metadata)


def write(out):
    tensors = {}
    for dtype in DTYPES:
        for rank in range(6):
            shape = [2, 1, 3, 1, 2][:rank]
            if dtype == "F4" and rank == 0:
                continue  # half a byte
            if dtype == "F4":
                shape[-1] *= 2
            size = BITS.get(dtype, 8)
            for axis in shape:
                size *= axis
            mask = 1 if dtype == "BOOL" else 255
            tensors[f"{dtype}/{rank}"] = (dtype, shape, bytes((i * 37 + rank) & mask for i in range(size // 8)))
    save(tensors, out, {"k": "\u00e9\"<>&\u2028\x01"})


def resave(source, out):
    with safe_open(source, "np") as f:
        metadata = f.metadata()
    with open(source, "rb") as f:
        tensors = {name: (t["dtype"], t["shape"], t["data"]) for name, t in deserialize(f.read())}
    save(tensors, out, metadata)


def judge(out, files):
    verdicts = {}
    for path in files:
        with open(path, "rb") as f:
            content = f.read()
        try:
            deserialize(content)
            verdicts[os.path.basename(path)] = True
        except safetensors.SafetensorError:
            verdicts[os.path.basename(path)] = False
    with open(out, "w") as f:
        json.dump(verdicts, f)


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    {"write": write, "resave": resave, "judge": lambda out, *files: judge(out, files)}[command](*arguments)
