"""Run cells in the GoNB kernel, press the stop button in the last one, and say
how long it went on and what it wrote to stderr.

stdin: {"folder": ..., "cells": [...], "marker": FILE}; the button is pressed
when the marker appears. stdout: {"seconds": ..., "stderr": ...}
"""
import json
import os
import sys
import time
from queue import Empty

from jupyter_client import KernelManager

request = json.load(sys.stdin)
manager = KernelManager(kernel_name="gonb")
manager.start_kernel(cwd=request["folder"], stderr=open(os.devnull, "w"))
client = manager.client()
client.start_channels()
try:
    client.wait_for_ready(timeout=60)
    for number, cell in enumerate(request["cells"]):
        last = number == len(request["cells"]) - 1
        message, stopped, stderr = client.execute(cell), None, ""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if last and stopped is None and os.path.exists(os.path.join(request["folder"], request["marker"])):
                manager.interrupt_kernel()
                stopped = time.monotonic()
            try:
                reply = client.get_iopub_msg(timeout=0.1)
            except Empty:
                continue
            if reply["parent_header"].get("msg_id") != message:
                continue
            content = reply["content"]
            if reply["msg_type"] == "stream" and content["name"] == "stderr":
                stderr += content["text"]
            if reply["msg_type"] == "status" and content["execution_state"] == "idle":
                break
    print(json.dumps({"seconds": time.monotonic() - stopped if stopped else -1, "stderr": stderr}))
finally:
    client.stop_channels()
    manager.shutdown_kernel()
