# SPDX-License-Identifier: Apache-2.0
"""Pools of processes and asyncio's subprocesses: workers.py steady SECONDS | pools | subprocesses"""

import asyncio
import concurrent.futures
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time


def square(n):
    return n * n


def consume(queue, connection):
    for item in iter(queue.get, None):
        connection.send(square(item))
    connection.close()


def pools():
    for method in ("fork", "spawn", "forkserver"):
        context = multiprocessing.get_context(method)
        pool_of_three(context)
        executor_of_two(context)
        worker_with_queue(context)
    manager()


def pool_of_three(context):
    """A pool that has ended keeps its workers' pipes for as long as it is kept itself: it goes with this call."""
    with context.Pool(3, maxtasksperchild=4) as pool:
        assert pool.map(square, range(20)) == [n * n for n in range(20)]


def executor_of_two(context):
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as executor:
        assert sum(executor.map(square, range(10))) == 285


def worker_with_queue(context):
    queue = context.Queue()
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=consume, args=(queue, theirs))
    worker.start()
    theirs.close()
    for item in (1, 2, 3, None):
        queue.put(item)
    assert [ours.recv() for _ in range(3)] == [1, 4, 9]
    worker.join()
    worker.close()
    ours.close()


def manager():
    with multiprocessing.Manager() as shared:
        shared.dict()["n"] = 1


def subprocesses():
    for _ in range(10):
        subprocess.run(["sort", "/dev/null"], capture_output=True, check=True)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
        cat.communicate(b"text")
    producer = subprocess.Popen(["seq", "1000"], stdout=subprocess.PIPE)
    consumer = subprocess.Popen(["wc", "-l"], stdin=producer.stdout, stdout=subprocess.PIPE)
    producer.stdout.close()
    consumer.communicate()
    producer.wait()
    try:
        subprocess.run(["sleep", "30"], timeout=0.2, capture_output=True)
    except subprocess.TimeoutExpired:
        pass
    os.popen("true").read()
    with tempfile.TemporaryFile() as output:
        subprocess.check_call(["ls", "/"], stdout=output, stderr=subprocess.STDOUT)
    asyncio.run(many(8))


async def one(n):
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", f"cat; echo {n} >&2", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, _ = await process.communicate(b"text")
    assert out == b"text"


async def many(count):
    await asyncio.gather(*(one(n) for n in range(count)))


async def watch(seconds):
    """A long-lived child whose lines are read, and short ones beside it, one of them killed."""
    tail = await asyncio.create_subprocess_exec(
        "sh", "-c", "while echo line; do sleep 0.5; done", stdout=subprocess.PIPE
    )
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await tail.stdout.readline()
        await many(3)
        slow = await asyncio.create_subprocess_shell("exec sleep 30", stdout=subprocess.PIPE)
        try:
            await asyncio.wait_for(slow.communicate(), 0.3)
        except asyncio.TimeoutError:
            slow.kill()
            await slow.wait()
        await asyncio.sleep(2)
    tail.kill()
    await tail.wait()


def steady(seconds):
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        results = [pool.apply_async(time.sleep, (1,)) for _ in range(4)]
        asyncio.run(watch(seconds))
        for result in results:
            result.get()


if __name__ == "__main__":
    match sys.argv[1]:
        case "steady":
            steady(float(sys.argv[2]))
        case "pools":
            pools()
        case "subprocesses":
            subprocesses()
