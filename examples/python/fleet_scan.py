"""A scan of many repositories on a cluster of machines: trees, manifests, reports and errors pickle, so any distributed engine will do.

    python examples/python/fleet_scan.py 12             # twelve repositories on local processes
    python examples/python/fleet_scan.py 12 tcp://…     # on a Dask cluster
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from distributed import Client, as_completed

import trueup

EXAMPLE = Path(__file__).resolve().parents[1] / "platform-configs"


def repositories(count: int) -> dict[str, trueup.Tree]:
    """A fleet: the example repository, each time with another image, and one that is broken."""
    original = trueup.Tree.from_dir(EXAMPLE)
    base = "services/payment/base/kustomization.yaml"
    text = original.read_text(base)
    fleet = {f"team-{at:03}": original.with_changes({base: f"{text}namePrefix: t{at}-\n"}) for at in range(count)}
    fleet["team-broken"] = original.with_changes({base: "resources: [nowhere.yaml]\n"})
    return fleet


def scan(name: str, tree: trueup.Tree) -> tuple[str, dict[str, Any]]:
    """What one worker does with one repository."""
    built = trueup.kustomize.build_all(tree, strict=False)
    kinds: dict[str, int] = {}
    for manifests in built["manifests"].values():
        for manifest in manifests:
            kinds[manifest.kind] = kinds.get(manifest.kind, 0) + 1
    return name, {"kinds": kinds, "errors": sorted({error["code"] for error in built["errors"].values()})}


def main(count: int, address: str | None) -> dict[str, dict[str, Any]]:
    """Scans the fleet and returns what was found, by repository."""
    found = {}
    local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with Client(address, **({} if address else local)) as client:
        futures = [client.submit(scan, name, tree) for name, tree in repositories(count).items()]
        for future in as_completed(futures):
            name, result = future.result()
            found[name] = result
            print(name, result["kinds"].get("Deployment", 0), "Deployments", *result["errors"])
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
