"""`python -m trueup`: the command line, from the same code as the program `trueup`."""

from __future__ import annotations

import sys

from ._trueup import main as _run


def main() -> int:
    """Runs the command line of this process and returns its exit code."""
    return _run(["trueup", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
