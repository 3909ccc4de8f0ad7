"""What Python adds to a call, beside the same call from Rust, in one run.

    python bindings/python/benches/overhead.py

Needs an optimised wheel (`maturin build --release`) in the environment it runs in, and cargo for the yardstick. Each time is the shortest of many.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "platform-configs"


def best(times: int, work: Callable[[], Any]) -> int:
    shortest = sys.maxsize
    for _ in range(times):
        begun = time.perf_counter_ns()
        work()
        shortest = min(shortest, time.perf_counter_ns() - begun)
    return shortest


def import_time() -> float:
    """Milliseconds that `import trueup` takes in a fresh interpreter."""
    program = "import time; begun = time.perf_counter(); import trueup; print((time.perf_counter() - begun) * 1000)"
    return min(float(subprocess.check_output([sys.executable, "-c", program])) for _ in range(10))


def main() -> None:
    import trueup

    build = ["cargo", "run", "--quiet", "--release", "-p", "trueup", "--example", "calls", "--", str(EXAMPLE)]
    rust = json.loads(subprocess.check_output(build, cwd=ROOT))
    tree = trueup.Tree.from_dir(EXAMPLE)
    entries = {path: tree.read(path) for path in tree.files()}

    def fresh() -> trueup.Tree:
        # What earlier calls remember must not help later ones.
        return trueup.Tree(entries)

    def with_fresh(work: Callable[[trueup.Tree], Any], times: int) -> int:
        trees = [fresh() for _ in range(times)]
        return best(times, lambda: work(trees.pop()))

    python = {
        "render": with_fresh(lambda tree: sum(len(built.to_yaml()) for built in trueup.kustomize.build_all(tree)["manifests"].values()), 40),
        "preview": with_fresh(lambda tree: trueup.preview(tree), 40),
        "parse": best(20_000, lambda: trueup.yaml.parse("a: 1\nb: x\n")),
        "patch": best(20_000, lambda: trueup.patch.merge_apply({"a": 1, "b": "x"}, {"b": "y"})),
    }
    for name, own in python.items():
        added = own - rust[name]
        print(f"{name:8} Rust {rust[name] / 1000:10.1f} µs   Python {own / 1000:10.1f} µs   {added / rust[name]:+7.1%}   {added / 1000:+.1f} µs")
    print(f"import   {import_time():.1f} ms")
    module = Path(trueup.__file__).with_name("_trueup.abi3.so")
    print(f"module   {os.path.getsize(module) / (1 << 20):.1f} MiB")


if __name__ == "__main__":
    main()
