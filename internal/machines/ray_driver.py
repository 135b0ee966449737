"""Runs a plan's lines on a Ray cluster: one task a line, stage after stage.

    python ray_driver.py --address 10.0.0.1:6379 --plan runs/sweep/plan

A line whose node or process dies is run again on another node; it goes on with
what is there. Each line that ends is one JSON object on standard output. Exit
status: 0 all lines ended well, 1 some did not, 3 there is no cluster.
"""

import argparse
import collections
import ctypes
import json
import os
import signal
import subprocess
import sys
import time

import ray

PASSED_ON = ("GOMLX_", "PJRT_", "XLA_", "ROBUSTVIT_", "GOGC", "GOMAXPROCS")


class Killed(Exception):
    """A line was ended by a signal: its machine is in trouble, not its work."""


def end_with_parent():
    """The line is asked to end when Ray's worker dies, so that it lets go of its folder."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def run_line(line, environment, log):
    start = time.time()
    with open(log, "ab") as output:
        output.write(f"-- {os.uname().nodename}: {' '.join(line['args'])}\n".encode())
        output.flush()
        code = subprocess.run([line["program"], *line["args"]], cwd=line["folder"], env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                              stdout=output, stderr=output, preexec_fn=end_with_parent).returncode
    if code < 0 or code in (129, 130, 137, 143):
        raise Killed(f"ended by signal {-code if code < 0 else code - 128}")
    said = ""
    if code:
        with open(log, errors="replace") as output:
            said = (collections.deque(output, 1) or [""])[0].strip()
    return {"code": code, "said": said, "node": ray.get_runtime_context().get_node_id()[:8], "seconds": round(time.time() - start, 1)}


def run_stage(lines, remote, environment, logs):
    """Runs the lines of one stage and returns how many failed."""
    waiting, failed = {}, 0
    for line in lines:
        task = remote.options(name=f"{line['stage']} {line['line']}")
        waiting[task.remote(line, environment, os.path.join(logs, f"line-{line['line']:05d}.txt"))] = line
    while waiting:
        for ended in ray.wait(list(waiting))[0]:
            line = waiting.pop(ended)
            try:
                outcome = ray.get(ended)
            except ray.exceptions.RayError as error:
                cause = getattr(error, "cause", None) or error
                outcome = {"code": 1, "said": str(cause).strip().splitlines()[-1]}
            failed += outcome["code"] != 0
            print(json.dumps({"line": line["line"], "stage": line["stage"], **outcome}), flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", required=True, help="HOST:PORT of the head node, or auto")
    parser.add_argument("--plan", required=True, help="folder with plan.jsonl")
    parser.add_argument("--cpus", type=float, default=1, help="a line")
    parser.add_argument("--gpus", type=float, default=0, help="a line")
    parser.add_argument("--retries", type=int, default=5, help="of a line whose node or process died")
    asked = parser.parse_args()
    with open(os.path.join(asked.plan, "plan.jsonl")) as f:
        lines = [json.loads(text) for text in f]
    try:
        ray.init(address=asked.address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        print(str(error).strip().splitlines()[0], file=sys.stderr)
        return 3
    remote = ray.remote(num_cpus=asked.cpus, num_gpus=asked.gpus, max_retries=asked.retries, retry_exceptions=[Killed])(run_line)
    environment = {k: v for k, v in os.environ.items() if k.startswith(PASSED_ON)}
    for stage in dict.fromkeys(line["stage"] for line in lines):
        if run_stage([line for line in lines if line["stage"] == stage], remote, environment, os.path.abspath(os.path.join(asked.plan, "logs"))):
            return 1  # what comes next needs them all
    return 0


if __name__ == "__main__":
    sys.exit(main())
