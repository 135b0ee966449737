"""Execute one notebook in its kernel and write it down, as HTML too.

Reads the request as JSON from stdin, prints one JSON object a line: a "cell"
for each code cell when it ends, then one "end". The notebook is written
whatever happens, with the outputs that there were.
"""
import asyncio
import html
import json
import os
import signal
import sys
import time

import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def say(**event):
    print(json.dumps(event), flush=True)


def stop(signum, frame):
    raise KeyboardInterrupt


def end_session(leader):
    """Kill all that a kernel has started: a cell's program and gopls, which has a
    group of its own, outlive a kernel that was killed."""
    for process in psutil.pids():
        try:
            if os.getsid(process) == leader:
                os.kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def put(path, text):
    """Write a file whole or not at all: a reader, or another run, never sees half."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.remove(temporary)
        raise


class Run:
    def __init__(self, request):
        self.request = request
        self.nb = nbformat.read(request["notebook"], as_version=4)
        self.current, self.start, self.leader = -1, time.monotonic(), None
        self.client = NotebookClient(
            self.nb,
            timeout=request["cell_timeout"],
            startup_timeout=60,
            kernel_name=request["kernel"],
            resources={"metadata": {"path": request["folder"]}},
            on_cell_start=self.begin,
            on_cell_executed=self.end,
        )

    def begin(self, cell, cell_index):
        self.current, self.start = cell_index, time.monotonic()
        self.leader = getattr(self.client.km.provisioner, "pid", None)

    def end(self, cell, cell_index, execute_reply):
        self.report()

    def report(self):
        seconds = time.monotonic() - self.start
        say(event="cell", index=self.current, seconds=round(seconds, 3))

    def execute(self):
        try:
            self.client.execute()
            return dict(state="ok", message="")
        except CellTimeoutError:
            return dict(state="timeout", message="")
        except CellExecutionError as error:
            return dict(state="failed", message=str(error.evalue))
        except DeadKernelError as error:
            return dict(state="dead", message=str(error))
        except (KeyboardInterrupt, asyncio.CancelledError):
            return dict(state="stopped", message="")
        except Exception as error:  # no kernel, a broken connection
            return dict(state="broken", message=f"{type(error).__name__}: {error}")
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            self.kill_kernel()

    def kill_kernel(self):
        # First, for what comes after may hang when a signal has broken the event loop.
        if self.leader:
            end_session(self.leader)
        manager = self.client.km
        if manager is not None and getattr(manager, "has_kernel", False):
            try:
                result = manager.shutdown_kernel(now=True)
                if asyncio.iscoroutine(result):
                    asyncio.run(asyncio.wait_for(result, 5))
            except Exception as error:
                print(f"stop the kernel: {error}", file=sys.stderr)

    def write(self):
        put(self.request["executed"], nbformat.writes(self.nb) + "\n")
        from nbconvert import HTMLExporter
        from pygments.formatters import HtmlFormatter

        exporter = HTMLExporter(template_name="basic")
        body, _ = exporter.from_notebook_node(self.nb)
        page = self.request["page"].replace("<!--TITLE-->", html.escape(self.request["title"]))
        page = page.replace("/*HIGHLIGHT*/", HtmlFormatter().get_style_defs(".highlight"))
        page = page.replace("<!--BODY-->", body)
        put(self.request["html"], page)


def main():
    request = json.load(sys.stdin)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    run = Run(request)
    result = run.execute()
    failure = ""
    try:
        run.write()
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    say(event="end", index=run.current, write=failure, **result)


main()
