# SPDX-License-Identifier: Apache-2.0
# One thread starts a child whose grandchild keeps its output, and lives on; another reads that output, in vain.
import ctypes
import os
import subprocess
import threading
import time

PR_SET_NAME = 15
started = threading.Event()
child = None


def named(name):
    ctypes.CDLL(None).prctl(PR_SET_NAME, name, 0, 0, 0)


def start():
    global child
    named(b"opener")
    child = subprocess.Popen(["sh", "-c", "sleep 60 & exit 7"], stdout=subprocess.PIPE)
    child.wait()
    started.set()
    time.sleep(60)


def read():
    named(b"reader")
    os.read(child.stdout.fileno(), 1)


threading.Thread(target=start, daemon=True).start()
started.wait()
threading.Thread(target=read, daemon=True).start()
print(f"READY pid={os.getpid()} fd={child.stdout.fileno()}", flush=True)
time.sleep(60)
