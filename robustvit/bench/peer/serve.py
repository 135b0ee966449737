"""The PyTorch side of `robustvit bench`: reads requests, one JSON object a line,
and answers each with one. It ends when its input does.

    {"do": "hello"}                            -> {"facts": {"torch": ..., "timm": ...}}
    {"do": "prepare", "peer": P, "task": {..}} -> {}, after one call as warm-up
    {"do": "round", "seconds": S}              -> {"seconds": ..., "images": ...}
    {"do": "peak"}                             -> {"peak_mib": ...}, of this process
"""
import json
import os
import platform
import sys
import time


class Side:
    def __init__(self):
        self.call, self.images, self.synchronize = None, 0, lambda: None

    def hello(self, request):
        import timm
        import torch

        device = torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"
        return {"facts": {"python": platform.python_version(), "torch": torch.__version__, "timm": timm.__version__, "device": device}}

    def prepare(self, request):
        import torch

        import files
        import steps

        task = request["task"]
        torch.set_num_threads(task["threads"])
        torch.manual_seed(task["variant"]["depth"])
        if task["device"] == "cuda":
            self.synchronize = torch.cuda.synchronize
        make = {**steps.CASES, **files.CASES}[task["case"], request["peer"]]
        self.call, self.images = make(task)
        self.call()
        self.synchronize()
        return {}

    def round(self, request):
        begin, calls = time.perf_counter(), 0
        while True:
            self.call()
            self.synchronize()
            calls += 1
            seconds = time.perf_counter() - begin
            if seconds >= request["seconds"]:
                return {"seconds": seconds, "images": calls * self.images}

    def peak(self, request):
        try:
            with open("/proc/self/status") as status:
                kib = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        except (OSError, StopIteration):
            kib = 0  # not Linux: not known
        return {"peak_mib": kib / 1024}


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print must not look like an answer
    side = Side()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(side, request["do"])(request)
        except Exception as fault:  # told to the other side, which decides
            answer = {"error": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
