"""Work in several processes, each of which begins as a copy of this one: nothing is handed over but the results."""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Fewer things to do are done here: a process costs some hundredths of a second by itself.
WORTH_SHARES = 16


def processors() -> int:
    """How many processes are worth their while: 1 where one cannot be copied safely (Windows, macOS), and in such a copy."""
    return (os.cpu_count() or 1) if sys.platform == "linux" and not multiprocessing.parent_process() else 1


def in_processes(work: Callable[[int], Result], count: int) -> list[Result]:
    """`work(0)` to `work(count - 1)`, the first here and each other in a process of its own, where there can be one.

    Args:
        work: its results must be such as can be pickled; what it changes stays in its process.

    Raises:
        Whatever `work` raises: what a process did not bring to its end is done again here.
    """
    if processors() == 1:
        return [work(number) for number in range(count)]
    context = multiprocessing.get_context("fork")
    started = []
    for number in range(1, count):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_send, args=(work, number, sender), daemon=True)
        process.start()
        sender.close()  # or the end of the other process would not be noticed
        started.append((number, process, receiver))
    try:
        results = [work(0)]
        for number, _, receiver in started:
            try:
                results.append(receiver.recv())
            except EOFError:
                results.append(work(number))
    finally:
        for _, process, receiver in started:  # one that has sent its results has nothing more to do
            process.kill()
            process.join()
            receiver.close()
    return results


def _belong() -> None:
    """In the new process: Ctrl-C is for the one that started it, and it ends with that one, however that ends, or it would write on into a
    folder that another build has begun in (prctl(2), PR_SET_PDEATHSIG)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != multiprocessing.parent_process().pid:  # it had ended before that was said
        os._exit(1)


_beside: dict[str, multiprocessing.Process] = {}


def beside(name: str, work: Callable[[], object], after: float = 0) -> None:
    """Do something in a process of its own, while this one goes on; what was begun under the name before, and has not ended, is given up.

    Args:
        after: seconds to wait with it, where there is something more urgent.
    """
    give_up(name)
    if processors() == 1:
        work()
        return
    _beside[name] = multiprocessing.get_context("fork").Process(target=_alone, args=(work, after), daemon=True)
    _beside[name].start()


def give_up(*names: str) -> None:
    """End what was begun `beside` under some names, if it has not ended."""
    for process in filter(None, (_beside.pop(name, None) for name in names)):
        process.kill()
        process.join()


def _alone(work: Callable[[], object], after: float) -> None:
    """In the new process; who waits for nothing of it is told why there is nothing."""
    _belong()
    time.sleep(after)
    try:
        work()
    except Exception as error:
        logging.getLogger("mkdocs.pustaka").warning(error)


def in_shares(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`[work(item) for item in items]`, in several processes where that is worth their while; messages are logged here.

    Args:
        work: as for `in_processes`.
    """
    items = list(items)
    count = processors() if len(items) >= WORTH_SHARES else 1
    shares = in_processes(lambda number: _share(work, items[number::count], kept=number > 0), count)
    results: list[Result] = [None] * len(items)
    for number, (done, records) in enumerate(shares):
        results[number::count] = done
        for record in records:
            logging.getLogger(record.name).handle(record)
    return results


def _share(work: Callable[[Item], Result], items: Sequence[Item], kept: bool) -> tuple[list[Result], list[logging.LogRecord]]:
    """The results of some items, and the messages where they are kept: in another process nobody counts them."""
    records: list[logging.LogRecord] = []
    if kept and multiprocessing.parent_process():  # else another process has failed, and its share is done again

        def keep(logger: logging.Logger, record: logging.LogRecord) -> None:
            record.msg, record.args, record.exc_info = record.getMessage(), None, None  # which can be pickled
            records.append(record)

        logging.Logger.callHandlers = keep
    return [work(item) for item in items], records


def _send(work: Callable[[int], Result], number: int, sender) -> None:
    """In the new process; one that fails says nothing, and its work is done, or fails, where it is seen."""
    _belong()
    try:
        sender.send(work(number))
    except Exception:
        os._exit(1)
    os._exit(0)
