"""Work in several processes, each of which begins as a copy of this one: nothing is handed over but the results."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def processors() -> int:
    """How many processes are worth their while: 1 where a process cannot be copied safely (Windows, macOS)."""
    return (os.cpu_count() or 1) if sys.platform == "linux" else 1


def in_processes(work: Callable[[int], Result], count: int) -> list[Result]:
    """`work(0)` to `work(count - 1)`, the first here and each other in a process of its own.

    Args:
        work: its results must be such as can be pickled; what it changes stays in its process.

    Raises:
        Whatever `work` raises: what a process did not bring to its end is done again here.
    """
    context = multiprocessing.get_context("fork") if count > 1 else None
    started = []
    for number in range(1, count):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_send, args=(work, number, sender), daemon=True)
        process.start()
        sender.close()  # or the end of the other process would not be noticed
        started.append((number, process, receiver))
    results = [work(0)]
    for number, process, receiver in started:
        try:
            results.append(receiver.recv())
        except EOFError:
            results.append(work(number))
        process.join()
    return results


def _send(work: Callable[[int], Result], number: int, sender) -> None:
    """In the new process; one that fails says nothing, and its work is done, or fails, where it is seen."""
    try:
        sender.send(work(number))
    except Exception:
        os._exit(1)
    os._exit(0)
