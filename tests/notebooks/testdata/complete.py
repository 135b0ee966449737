"""Run cells in the GoNB kernel, then ask it to complete and to explain code, as
Tab and Shift+Tab do.

stdin: {"folder": ..., "cells": [...], "complete": [...], "inspect": [...]}
stdout: {"matches": [[...], ...], "explanations": [...]}, one for each code
"""
import json
import os
import sys
import time

from jupyter_client import KernelManager

request = json.load(sys.stdin)
manager = KernelManager(kernel_name="gonb")
manager.start_kernel(cwd=request["folder"], stderr=open(os.devnull, "w"))
client = manager.client()
client.start_channels()


def ask(send, code):
    message = send(code, len(code))
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        reply = client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == message:
            return reply["content"]
    return {}


try:
    client.wait_for_ready(timeout=60)
    for cell in request["cells"]:
        client.execute_interactive(cell, timeout=120, output_hook=lambda message: None)
    matches = []
    for code in request["complete"]:
        for attempt in range(20):  # gopls starts beside the kernel
            found = ask(client.complete, code).get("matches", [])
            if found:
                break
            time.sleep(0.5)
        matches.append(found)
    explanations = [" ".join(ask(client.inspect, code).get("data", {}).values()) for code in request["inspect"]]
    print(json.dumps({"matches": matches, "explanations": explanations}))
finally:
    client.stop_channels()
    manager.shutdown_kernel()
