# SPDX-License-Identifier: Apache-2.0
"""The programs that are traced, pinned to a CPU, at rest until they get an order."""
import subprocess

from tracers import first, pinned


class Load:
    """Reads orders from its stdin, and ends with it."""

    def __init__(self, command, cpu):
        self._process = subprocess.Popen(
            first(pinned(cpu, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.pid = self._process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()

    def order(self, line):
        self._process.stdin.write(line + "\n")
        return self._process.stdout.readline().strip()


class Loop(Load):
    """scripts/load/loop.c."""

    def __init__(self, directory, cpu):
        super().__init__([f"{directory}/loop"], cpu)

    def run(self, what, seconds):
        """How many times, and nanoseconds for each."""
        done, nanos = self.order(f"{what} {seconds}").split()
        return int(done), float(nanos)


class Holder(Load):
    """holder.c of the differential tests: processes that hold very many descriptors."""

    def __init__(self, directory, cpu, processes):
        super().__init__([f"{directory}/holder", str(processes)], cpu)

    def tell(self, order, answer):
        got = self.order(order)
        if got != answer:
            raise RuntimeError(f"{got} instead of {answer} for {order}: is the limit of open files too low?")
