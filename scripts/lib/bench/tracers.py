# SPDX-License-Identifier: Apache-2.0
"""The tools that are compared: each is started on its own CPU for a load that runs, awaited until it traces, and stopped."""
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time

PATIENCE_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


def await_true(condition, what):
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {PATIENCE_SECONDS} s for {what}")
        time.sleep(0.005)


def pinned(cpu, command):
    return ["taskset", "-c", str(cpu), *command]


def first(command):
    """Before whatever else the machine does: the load must not be measured while it waits for a CPU."""
    return ["nice", "-n", "-20", *command]


def _interrupt(process):
    """Again if need be: bpftrace now and then misses the first."""
    for _ in range(PATIENCE_SECONDS // 5):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=5)
            return
    process.kill()
    raise RuntimeError("a tool did not end: " + " ".join(process.args))


class Tool:
    """A tool that says READY, or something else, once it traces."""

    def __init__(self, name, command, ready="READY"):
        self.name = name
        self._command = command
        self._ready = ready
        self._process = None

    def start(self, load, cpu):
        self._process = subprocess.Popen(
            pinned(cpu, [part.replace("PID", str(load.pid)) for part in self._command]),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        while self._ready and self._ready not in (line := self._process.stdout.readline()):
            if not line:
                raise RuntimeError(f"{self.name} has ended: {self._command}")
        self._await_more(load)

    def _await_more(self, load):
        """What the tool does not say."""

    def stop(self):
        _interrupt(self._process)


class Strace(Tool):
    """Not pinned: where the scheduler puts it, next to the load if that is best, is what suits it."""

    def __init__(self):
        super().__init__("strace", ["strace", "-f", "-qq", "-e", "trace=%desc,%process", "-o", "/dev/null", "-p", "PID"], "")

    def start(self, load, cpu):
        every = ",".join(str(one) for one in os.sched_getaffinity(0))
        super().start(load, every)

    def _await_more(self, load):
        def traced():
            with open(f"/proc/{load.pid}/status", encoding="ascii") as status:
                return "TracerPid:\t0\n" not in status.read()

        await_true(traced, "strace to attach")


class Opensnoop(Tool):
    """Says nothing before its first event has gone through a pipe, so the load gives it some."""

    def __init__(self):
        super().__init__("opensnoop", ["stdbuf", "-oL", "opensnoop", "-p", "PID"], "")
        self._reader = None

    def _await_more(self, load):
        load.run("open-close", 0.5)
        self._process.stdout.readline()
        # From here on its output goes nowhere, as fast as that goes.
        self._reader = subprocess.Popen(["cat"], stdin=self._process.stdout, stdout=subprocess.DEVNULL)

    def stop(self):
        self._process.stdout.close()
        _interrupt(self._process)
        self._reader.wait(timeout=PATIENCE_SECONDS)


class Ghostfd:
    """The daemon, as users start it."""

    def __init__(self, root, name="ghostfd", options=()):
        self.name = name
        self._script = os.path.join(root, "scripts", "ghostfd")
        self._options = options
        self._process = None
        self._port = 0

    def start(self, load, cpu):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        started = time.monotonic()
        self._process = subprocess.Popen(
            pinned(cpu, [self._script, "daemon", f"--pid={load.pid}", f"--web.listen-address=127.0.0.1:{self._port}",
                         "--log.level=warn", *self._options]),
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        await_true(self._is_ready, "the daemon to become ready")
        return time.monotonic() - started

    def stop(self):
        self._process.terminate()
        self._process.communicate(timeout=PATIENCE_SECONDS)

    def _get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def _is_ready(self):
        if self._process.poll() is not None:
            raise RuntimeError("the daemon has ended: " + self._process.stderr.read().decode())
        try:
            return self._get("/readyz")[0] == 200
        except OSError:
            return False

    def metrics(self):
        """Sums over labels."""
        sums = {}
        for line in self._get("/metrics")[1].splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                name = name.split("{")[0]
                sums[name] = sums.get(name, 0) + float(value)
        return sums

    def cpu_seconds(self):
        with open(f"/proc/{self._process.pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self):
        with open(f"/proc/{self._process.pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        raise RuntimeError("the daemon has ended")


def tools(root):
    script = os.path.join(root, "scripts", "load", "descriptors.bt")
    empty = 'BEGIN { printf("READY\\n"); } tracepoint:syscalls:sys_exit_openat, tracepoint:syscalls:sys_enter_close { }'
    return [
        Ghostfd(root),
        Ghostfd(root, "ghostfd-no-stacks", ["--stacks=off"]),
        Tool("bpftrace", ["bpftrace", script, "PID"]),
        Tool("empty-tracepoints", ["bpftrace", "-e", empty]),
        Opensnoop(),
        Strace(),
    ]
