"""The examples run."""

from __future__ import annotations

import subprocess
import sys

from conftest import ROOT

EXAMPLES = ROOT / "examples" / "python"


def run(*words: str) -> str:
    result = subprocess.run([sys.executable, *words], cwd=EXAMPLES, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_policy_check() -> None:
    assert " passed" in run("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_policy.py")


def test_drift_audit() -> None:
    out = run("drift_audit.py")
    assert "sessions-staging" in out and "spec.replicas" in out
    assert "deletes Service payment-legacy of payment-production" in out


def test_fleet_scan() -> None:
    out = run("fleet_scan.py", "3")
    assert "team-broken" in out and "kustomize/missing-resource" in out
    assert "team-002" in out
