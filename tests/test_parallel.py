"""Work in several processes: the results in order, and a failure where it can be seen."""

from __future__ import annotations

import logging
import os
import time

import pytest
from green import green_site

from pustaka import load, rules
from pustaka.parallel import WORTH_SHARES, beside, give_up, in_processes, in_shares, processors


@pytest.mark.parametrize("count", [1, 2, 5])
def test_results_come_in_order(count):
    assert in_processes(lambda number: number * number, count) == [number * number for number in range(count)]


@pytest.mark.skipif(processors() == 1, reason="here a process cannot be copied, and all is done in one")
def test_each_part_has_a_process_of_its_own():
    assert len(set(in_processes(lambda number: os.getpid(), 3))) == 3


def test_what_fails_in_another_process_is_raised_here():
    def work(number: int) -> int:
        return 1 // (number - 1)

    with pytest.raises(ZeroDivisionError):
        in_processes(work, 2)


def test_what_another_process_does_not_bring_to_its_end_is_done_here():
    here = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != here:
            os._exit(3)
        return number

    assert in_processes(work, 3) == [0, 1, 2]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_a_site_that_is_judged_in_parts_has_the_same_findings(processes, tmp_path, monkeypatch):
    root = green_site(tmp_path)
    for file in ("id/studies/contoh/index.html", "cite/contoh2020.ris", "cite/lists/bibliography.json", "en/cite.bib"):
        path = root / "site" / file
        if path.exists():
            path.write_text(path.read_text("utf-8").replace("2020", "2019").replace("Beranda", "Rumah").replace("Home", "House"), "utf-8")
    site, built = load.load(root)[0], load.built_site(root / "site")
    alone = rules.check_built(site, built)
    assert len(alone) > 5
    monkeypatch.setattr(rules, "WORTH_PROCESSES", 0)
    monkeypatch.setattr("pustaka.parallel.processors", lambda: processes)
    assert list(map(str, rules.check_built(site, built))) == list(map(str, alone))


# -- Shares ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, WORTH_SHARES - 1, WORTH_SHARES, 5 * WORTH_SHARES + 1])
def test_shares_give_results_in_order(count):
    assert in_shares(lambda item: item * item, range(count)) == [item * item for item in range(count)]


@pytest.mark.skipif(processors() == 1, reason="here a process cannot be copied, and all is done in one")
def test_much_is_shared_and_little_is_not():
    assert len(set(in_shares(lambda item: os.getpid(), range(WORTH_SHARES)))) == processors()
    assert set(in_shares(lambda item: os.getpid(), range(WORTH_SHARES - 1))) == {os.getpid()}


def test_messages_of_shares_are_logged_here_once(caplog):
    def work(item: int) -> None:
        logging.getLogger("shares").warning("item %d", item)

    in_shares(work, range(40))
    assert sorted(caplog.messages) == sorted(f"item {item}" for item in range(40))


def test_what_fails_in_a_share_is_raised_here_and_said_once(caplog):
    def work(item: int) -> int:
        if item == 33:
            logging.getLogger("shares").warning("a fault")
        return 1 // (33 - item)

    with pytest.raises(ZeroDivisionError):
        in_shares(work, range(40))
    assert caplog.messages == ["a fault"]


def test_of_two_things_done_beside_under_a_name_the_later_counts(tmp_path):
    def slow() -> None:
        time.sleep(60 if processors() > 1 else 0)
        (tmp_path / "slow").touch()

    beside("test", slow)
    beside("test", (tmp_path / "quick").touch)
    _until_there(tmp_path / "quick")
    assert processors() == 1 or not (tmp_path / "slow").exists()


def _until_there(file) -> None:
    end = time.monotonic() + 20
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert file.exists()


@pytest.mark.skipif(processors() == 1, reason="here nothing is done beside")
def test_what_is_less_urgent_waits_and_what_is_given_up_is_not_done(tmp_path):
    beside("later", (tmp_path / "later").touch, after=0.5)
    assert not (tmp_path / "later").exists()
    _until_there(tmp_path / "later")

    beside("never", (tmp_path / "never").touch, after=0.5)
    give_up("never", "what was never begun")
    time.sleep(1)
    assert not (tmp_path / "never").exists()
