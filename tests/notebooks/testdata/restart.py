"""Run cells in the GoNB kernel and, when the last one has made its marker, end
the kernel: restart it as JupyterLab's button does, at once, or have it killed
as for want of memory. Then run the cells again.

stdin: {"folder": ..., "cells": [...], "marker": FILE, "how": "button", "at once"
or "killed"}; the marker holds the process of the cell. stdout: {"processes": [first, second], "gone": seconds until
the first had ended, or -1}
"""
import json
import os
import signal
import sys
import time

import psutil
from jupyter_client import KernelManager

request = json.load(sys.stdin)
marker = os.path.join(request["folder"], request["marker"])


def run(client, cells):
    client.wait_for_ready(timeout=60)
    for cell in cells[:-1]:
        client.execute_interactive(cell, timeout=120, output_hook=lambda message: None)
    client.execute(cells[-1])
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if os.path.exists(marker) and os.path.getsize(marker) > 0:
            with open(marker) as file:
                process = int(file.read())
            os.remove(marker)
            return process
        time.sleep(0.05)
    raise SystemExit("the cell made no marker in 120 s")


def ended(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return ") Z " in file.read()
    except FileNotFoundError:
        return True


manager = KernelManager(kernel_name="gonb")
manager.start_kernel(cwd=request["folder"], stderr=open(os.devnull, "w"))
client = manager.client()
client.start_channels()
leaders = []
try:
    first = run(client, request["cells"])
    leaders.append(manager.provisioner.pid)
    killed = request["how"] == "killed"
    if killed:
        manager.provisioner.process.kill()
    else:
        manager.restart_kernel(now=request["how"] == "at once")
    began, gone = time.monotonic(), -1
    while gone < 0 and time.monotonic() < began + 20:
        if ended(first):
            gone = time.monotonic() - began
        time.sleep(0.05)
    if killed:
        manager.restart_kernel(now=True)
    second = run(client, request["cells"])
    print(json.dumps({"processes": [first, second], "gone": gone}))
finally:
    client.stop_channels()
    leaders.append(manager.provisioner.pid)
    manager.shutdown_kernel(now=True)
    for process in psutil.pids():  # gopls outlives a killed kernel
        try:
            if os.getsid(process) in leaders:
                os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
