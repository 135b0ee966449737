"""Run cells in the GoNB kernel, the last of which trains, and meddle with it as
it does: press the stop button, or send garbage to the kernel's ports. Then run
the last cell again, in the next kernel where this one is dead.

stdin: {"folder": ..., "cells": [...], "run": FOLDER, "meddle": [[LINES, WHAT], ...]}:
WHAT is done when the run's log has so many lines more than before.
stdout: {"meddled": [{"what", "seconds", "stderr", "shown", "alive", "saved"}, ...],
"last": {"stderr", "shown"}}; saved is the step of the newest checkpoint after it.
"""
import json
import os
import signal
import socket
import sys
import time
from queue import Empty

import psutil
import zmq
from jupyter_client import KernelManager

request = json.load(sys.stdin)
run = os.path.join(request["folder"], request["run"])


def start():
    manager = KernelManager(kernel_name="gonb")
    manager.start_kernel(cwd=request["folder"], stderr=open(os.devnull, "w"))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    for cell in request["cells"][:-1]:
        client.execute_interactive(cell, timeout=180, output_hook=lambda message: None)
    return manager, client


def end(manager, client):
    client.stop_channels()
    leader = manager.provisioner.pid
    manager.shutdown_kernel(now=True)
    for process in psutil.pids():  # a cell's program and gopls outlive a kernel that was killed
        try:
            if leader and os.getsid(process) == leader:
                os.kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def lines():
    try:
        with open(os.path.join(run, "log.jsonl"), "rb") as file:
            return file.read().count(b"\n")
    except FileNotFoundError:
        return 0


def saved():
    try:
        names = os.listdir(os.path.join(run, "checkpoints"))
    except FileNotFoundError:
        return -1
    return max((int(name[5:]) for name in names if name.startswith("step-")), default=-1)


def garbage(manager, what):
    ports = [manager.shell_port, manager.control_port, manager.iopub_port, manager.stdin_port, manager.hb_port]
    if what == "unsigned frames":
        context = zmq.Context()
        for port, kind in zip(ports, [zmq.DEALER, zmq.DEALER, zmq.SUB, zmq.DEALER, zmq.REQ]):
            with context.socket(kind) as s:
                s.linger = 200
                s.connect(f"tcp://{manager.ip}:{port}")
                if kind == zmq.SUB:
                    s.subscribe(b"\xff" * 1000)
                else:
                    s.send_multipart([b"no delimiter", b"\x00\xff" * 50])
                time.sleep(0.2)
        context.term()
        return
    if what == "wrong signature":
        context = zmq.Context()
        for port in ports[:2] + ports[3:4]:
            with context.socket(zmq.DEALER) as s:
                s.linger = 200
                s.connect(f"tcp://{manager.ip}:{port}")
                s.send_multipart([b"<IDS|MSG>", b"0" * 64, b'{"msg_type": "shutdown_request"}', b"{}", b"{}", b'{"restart": false}'])
                time.sleep(0.2)
        context.term()
        return
    content = {
        "random bytes": os.urandom(1 << 16),
        "http": b"POST /shutdown HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n",
        "enormous frame": b"\xff" + b"\x00" * 8 + b"\x01\x7f" + b"\x03\x00NULL" + b"\x00" * 48 + b"\x02" + b"\x7f" + b"\xff" * 7,
        "held connections": b"",
    }[what]
    held = []
    for port in ports:
        for _ in range(50 if what == "held connections" else 1):
            s = socket.create_connection((manager.ip, port), timeout=2)
            held.append(s)
            try:
                s.sendall(content)
            except OSError:
                pass
    time.sleep(0.3)
    for s in held:
        s.close()


def collect(client, message, until, seconds):
    """Outputs of the cell until it is idle or until() says so."""
    stderr, shown, idle = "", "", False
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not idle and not until():
        try:
            reply = client.get_iopub_msg(timeout=0.05)
        except Empty:
            continue
        if reply["parent_header"].get("msg_id") != message:
            continue
        content = reply["content"]
        if reply["msg_type"] == "stream":
            stderr += content["text"] if content["name"] == "stderr" else ""
        elif reply["msg_type"] in ("display_data", "update_display_data"):
            shown += str(content["data"].get("text/html", "")) + "\n"
        elif reply["msg_type"] == "status":
            idle = content["execution_state"] == "idle"
    return stderr, shown, idle


meddled = []
manager, client = start()
try:
    for more, what in request["meddle"]:
        message = client.execute(request["cells"][-1])
        goal = max(saved(), 0) + more
        early, before, over = collect(client, message, lambda: lines() >= goal, 300)
        if over or lines() < goal:
            raise SystemExit(f"the cell ended before it was meddled with, at {lines()} lines: {early}")
        began = time.monotonic()
        if what == "stop":
            manager.interrupt_kernel()
        else:
            garbage(manager, what)
        wait = 20 if what == "stop" else 4
        stderr, shown, over = collect(client, message, lambda: not manager.is_alive(), wait)
        seconds, alive = time.monotonic() - began, manager.is_alive()
        if not over or not alive:
            end(manager, client)
        meddled.append(dict(what=what, seconds=seconds, stderr=early + stderr, shown=before + shown, alive=alive, saved=saved()))
        if not over or not alive:
            manager, client = start()
    message = client.execute(request["cells"][-1])
    stderr, shown, over = collect(client, message, lambda: False, 400)
    print(json.dumps(dict(meddled=meddled, last=dict(stderr=stderr, shown=shown))))
finally:
    end(manager, client)
