"""Threads, processes, and work that is stopped."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import trueup

SLOW = "{{ range until 4000 }}{{ range until 1000 }}{{ $x := . }}{{ end }}{{ end }}"


def render(tree: trueup.Tree, directory: str) -> str:
    return trueup.kustomize.build(tree, directory).to_yaml()


def preview(tree: trueup.Tree) -> trueup.Report:
    return trueup.preview(tree)


def test_many_threads_give_the_same_bytes(example: trueup.Tree) -> None:
    directories = [d for d in trueup.kustomize.directories(example) if "production" in d]
    expected = [render(example, directory) for directory in directories]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(lambda directory: render(example, directory), directories)) == expected
        reports = list(pool.map(preview, [example] * 8))
    assert all(report == reports[0] for report in reports)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_process_pools(example: trueup.Tree, method: str) -> None:
    # Threads of this process were at work before the fork; the child must not wait for them.
    mine = preview(example)
    directories = [d for d in trueup.kustomize.directories(example) if "staging" in d][:6]
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        texts = list(pool.map(render, [example] * 6, directories))
        theirs = pool.submit(preview, example).result(timeout=120)
        with pytest.raises(trueup.RenderError) as caught:
            pool.submit(render, example, "nowhere").result(timeout=120)
    assert texts == [render(example, directory) for directory in directories]
    assert theirs == mine
    assert caught.value.code == "kustomize/missing-resource"


def test_the_lock_is_free_while_work_runs() -> None:
    template = trueup.Template(SLOW)
    ticks = 0
    done = threading.Event()

    def work() -> None:
        try:
            template.render({})
        finally:
            done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.005):
        ticks += 1
    thread.join()
    assert ticks > 3


def test_a_token_stops_work_that_runs() -> None:
    cancel = trueup.Cancel()
    template = trueup.Template(SLOW)
    threading.Timer(0.1, cancel.cancel).start()
    begun = time.monotonic()
    with pytest.raises(trueup.Cancelled):
        trueup.template.render(template, {}, cancel=cancel)
    assert cancel.cancelled
    assert time.monotonic() - begun < 5
    with pytest.raises(trueup.Cancelled):
        trueup.template.render(trueup.Template("x"), {}, cancel=cancel)


def test_a_budget_counts_steps(example: trueup.Tree) -> None:
    with pytest.raises(trueup.Cancelled):
        trueup.kustomize.build(example, "services/payment/overlays/production", cancel=trueup.Cancel(steps=3))
    with pytest.raises(trueup.Cancelled):
        trueup.preview(example, cancel=trueup.Cancel(steps=10))
    assert len(trueup.preview(example, cancel=trueup.Cancel(steps=10**9)).applications) == 90
    # What was stopped left nothing behind.
    assert trueup.kustomize.build(example, "services/payment/overlays/production")


def test_an_exception_in_a_callback_stops_the_work(example: trueup.Tree) -> None:
    def told(phase: str, done: int, total: int, subject: str) -> None:
        raise ZeroDivisionError(subject)

    with pytest.raises(ZeroDivisionError):
        trueup.preview(example, on_progress=told)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.parametrize(
    "work",
    [
        f"trueup.Template({SLOW!r}).render({{}})",
        "[trueup.preview(example) for _ in range(100_000)]",
        "trueup.preview(example, on_progress=lambda *told: __import__('time').sleep(1))",
        "trueup.Tree.lazy(lambda path: __import__('time').sleep(5), lambda directory: []).read('x')",
    ],
)
def test_control_c_stops_work_that_runs(work: str) -> None:
    from conftest import ROOT

    program = f"""
import trueup
example = trueup.Tree.from_dir({str(ROOT / "examples" / "platform-configs")!r})
print("ready", flush=True)
try:
    while True:
        {work}
except KeyboardInterrupt:
    print("interrupted", flush=True)
    print(trueup.yaml.parse("still: usable"))
"""
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(0.5)
    os.kill(child.pid, signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    assert out == "interrupted\n{'still': 'usable'}\n"
    assert child.returncode == 0
