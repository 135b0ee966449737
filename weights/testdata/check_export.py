"""Loads the exports under a folder with timm and transformers and compares logits."""
import sys
from pathlib import Path

import timm
import torch
from safetensors.torch import load_file
from transformers import AutoImageProcessor, AutoModelForImageClassification
from transformers import DeiTForImageClassificationWithTeacher

root = Path(sys.argv[1])
worst = {}


def compare(name, logits, wanted):
    worst[name] = (logits - wanted).abs().max().item()


with torch.no_grad():
    parity = load_file(root / "timm" / "parity.safetensors")
    model = timm.create_model(f"local-dir:{root}/timm", pretrained=True).eval()
    compare("timm", model(parity["inputs"]), parity["logits"])
    assert list(model.pretrained_cfg["mean"]) == [0.485, 0.456, 0.406], model.pretrained_cfg
    assert model.pretrained_cfg["label_names"][6] == "ü"

    model = AutoModelForImageClassification.from_pretrained(root / "hf").eval()
    compare("transformers", model(parity["inputs"]).logits, parity["logits"])
    assert model.config.id2label[6] == "ü"
    processor = AutoImageProcessor.from_pretrained(root / "hf")
    assert list(processor.image_mean) == [0.485, 0.456, 0.406], processor

    # Distilled: the two libraries are each other's reference.
    one = timm.create_model(f"local-dir:{root}/distilled/timm", pretrained=True).eval()
    two = DeiTForImageClassificationWithTeacher.from_pretrained(root / "distilled" / "hf").eval()
    compare("distilled", one(parity["inputs"]), two(parity["inputs"]).logits)

print(worst)
assert max(worst.values()) < 1e-5, worst
