"""The workers: started when needed, replaced when they die, ended with the server, holding no secret."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from forum.markdown import Cooker, TooSlow, cook
from forum.markdown.turns import Turns
from tests.markdown.bombs import BOMBS, HONEST

SLOWEST = BOMBS["code that takes seconds"]
PATIENCE = 10.0


def workers(parent: int | None = None) -> set[int]:
    """The cooks that a process has started and that still run."""
    folder = Path(f"/proc/{parent or os.getpid()}/task")
    children = {int(pid) for task in folder.iterdir() for pid in (task / "children").read_text().split()}
    return {pid for pid in children if b"forum.markdown.worker" in command_of(pid)}


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


async def until(fact) -> None:
    async with asyncio.timeout(PATIENCE):
        while not fact():
            await asyncio.sleep(0.01)


async def test_no_worker_starts_before_it_is_needed():
    async with Cooker():
        await cook("Bonjour")
        assert workers() == set()
        await cook(HONEST)
        assert len(workers()) == 1
    assert workers() == set()


async def test_texts_cooked_at_the_same_time_keep_their_own_answer():
    async with Cooker():
        answers = await asyncio.gather(*(cook(f"{HONEST}\n\nfin{n}") for n in range(30)))
        assert len(workers()) <= 2
    assert all(f"fin{n}</p>" in answer for n, answer in enumerate(answers))


async def test_an_idle_worker_that_was_killed_is_replaced():
    async with Cooker():
        first = await cook(HONEST)
        (pid,) = workers()
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not command_of(pid))
        assert await cook(HONEST) == first
        assert workers() - {pid}


async def test_a_worker_killed_at_its_work_costs_nobody_an_answer():
    async with Cooker() as cooker:
        await cooker.warm()
        (pid,) = workers()
        answer = asyncio.create_task(cook(HONEST))
        await asyncio.sleep(0)
        os.kill(pid, signal.SIGKILL)
        assert "<table>" in await answer


async def test_after_a_refusal_the_next_text_is_cooked():
    async with Cooker():
        for _ in range(3):
            with pytest.raises(TooSlow):
                await cook(SLOWEST)
            assert "<table>" in await cook(HONEST)


async def test_who_gives_up_waiting_leaves_nothing_behind():
    async with Cooker():
        tasks = [asyncio.create_task(cook(SLOWEST)) for _ in range(6)]
        await until(workers)
        for task in tasks:
            task.cancel()
        assert all(
            isinstance(e, asyncio.CancelledError)
            for e in await asyncio.gather(*tasks, return_exceptions=True)
        )
        assert "<table>" in await cook(HONEST)
    assert workers() == set()


async def test_stopping_refuses_what_is_being_cooked():
    cooker = Cooker()
    await cooker.start()
    tasks = [asyncio.create_task(cook(SLOWEST)) for _ in range(4)]
    await until(workers)
    await cooker.stop()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(answer, TooSlow) for answer in answers)
    await until(lambda: not workers())


async def test_without_a_cooker_a_command_cooks_all_the_same():
    assert "<table>" in await cook(HONEST)
    assert workers() == set()


async def test_one_cooker_within_another_gives_the_place_back():
    async with Cooker() as outer:
        async with Cooker():
            pass
        assert Cooker.current is outer
    assert Cooker.current is None


async def test_a_worker_sees_no_secret_and_no_terminal(monkeypatch):
    monkeypatch.setenv("RELAIS_SECRET_KEY", "très secret")
    async with Cooker() as cooker:
        await cooker.warm()
        (pid,) = workers()
        assert b"RELAIS" not in Path(f"/proc/{pid}/environ").read_bytes()
        assert os.getsid(pid) == pid


def test_a_worker_loads_the_kitchen_and_not_the_house():
    code = "import sys, forum.markdown.worker; print(*sys.modules)"
    loaded = run(code).stdout.split()
    assert "forum.markdown.dialect" in loaded
    assert not {"forum.app", "forum.config", "tortoise", "starlette", "jinja2", "realtime"} & set(loaded)


def test_a_program_that_forgets_to_stop_ends_all_the_same():
    code = f"""
import asyncio, os
from forum.markdown import Cooker
async def main():
    await Cooker().cook({HONEST!r})
asyncio.run(main())
print("fini")
"""
    assert "fini" in run(code).stdout


async def test_a_worker_does_not_outlive_a_server_that_was_killed():
    code = f"import asyncio; from forum.markdown import Cooker; asyncio.run(Cooker().cook({SLOWEST!r}))"
    slow = code.replace("asyncio.run", "import forum.markdown.cooker as c; c.SECONDS = 60; asyncio.run")
    server = subprocess.Popen([sys.executable, "-c", slow])
    try:
        await until(lambda: workers(server.pid))
        (pid,) = workers(server.pid)
    finally:
        server.kill()
        server.wait()
    await until(lambda: not command_of(pid))


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True
    )


async def test_the_shortest_goes_first_and_nobody_waits_for_ever():
    turns, order = Turns(1), []

    async def take(length: int) -> None:
        async with turns.turn(length, PATIENCE):
            order.append(length)

    async with turns.turn(1, PATIENCE):
        tasks = [asyncio.create_task(take(length)) for length in (30, 10, 20)]
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            async with turns.turn(5, 0.01):
                pass
        tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [10, 30]
    async with turns.turn(1, 0.01):
        pass
