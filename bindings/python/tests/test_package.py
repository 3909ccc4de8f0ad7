"""The package itself: types, documentation, the command line, and how fast it is there."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

import trueup

PACKAGE = ROOT / "bindings" / "python"


def run(*words: str, cwd: Path = PACKAGE) -> subprocess.CompletedProcess[str]:
    # pyright looks for packages in the environment that is active.
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix, "PATH": f"{sys.prefix}/bin:{os.environ['PATH']}"}
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600
    )


def test_stubs_fit_the_native_module(tmp_path: Path) -> None:
    result = run("mypy.stubtest", "trueup", "--ignore-disjoint-bases", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_package_type_checks_strictly() -> None:
    result = run("mypy", "--strict", "--package", "trueup")
    assert result.returncode == 0, result.stdout + result.stderr
    result = run("mypy", "--strict", "tests")
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_public_name_has_a_complete_type(tmp_path: Path) -> None:
    result = run("pyright", "--ignoreexternal", "--verifytypes", "trueup", cwd=tmp_path)
    assert "Type completeness score: 100%" in result.stdout, result.stdout + result.stderr


def test_doctests() -> None:
    assert doctest.testmod(trueup).failed == 0


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


PAGES = [PACKAGE / "README.md", ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_python_of_a_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Blocks of a page are one program; a comment `# → text` tells what the line before it prints."""
    monkeypatch.chdir(ROOT / "examples")
    program = "\n".join(blocks(page))
    exec(compile(program, str(page), "exec"), {"__name__": "page"})
    printed = capsys.readouterr().out
    for expected in re.findall(r"# → (.*)$", program, re.MULTILINE):
        assert expected in printed


def test_the_command_line() -> None:
    example = ROOT / "examples" / "platform-configs"
    result = run("trueup", "preview", str(example), "--detailed-exitcode")
    assert result.returncode == 2 and "90 Applications" in result.stdout
    result = run("trueup", "build", str(example / "services/payment/overlays/production"))
    tree = trueup.Tree.from_dir(example)
    assert result.stdout == trueup.kustomize.build(tree, "services/payment/overlays/production").to_yaml()
    result = run("trueup", "sing")
    assert result.returncode == 2 and "sing" in result.stderr
    assert run("trueup", "--version").stdout == f"trueup {trueup.__version__}\n"


def test_every_operation_is_reachable() -> None:
    source = "\n".join(path.read_text() for path in Path(trueup.__file__).parent.glob("*.py"))
    native = {"tree.new", "tree.read", "tree.files", "tree.list", "tree.with_changes", "tree.with_mounts", "data.plain"}
    import json

    for file in (ROOT / "tests" / "api").glob("*.json"):
        for case in json.loads(file.read_text()):
            name = case["operation"]
            if "answer" in case and name not in native:
                assert f'"{name}"' in source, name


def test_importing_loads_little() -> None:
    program = "import sys; before = set(sys.modules); import trueup; print(sorted(set(sys.modules) - before))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = eval(result.stdout)
    assert not {"typing", "json", "re", "asyncio", "inspect"} & set(loaded), loaded
    assert set(dir(trueup)) >= {"kustomize", "preview", "Tree"}
    with pytest.raises(AttributeError):
        trueup.nothing  # type: ignore[attr-defined]
