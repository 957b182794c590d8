"""Print one table: what, ours, rival, ratio. Run by ``make bench``.

Sizes that no city reaches are generated, always the same. Each line is the median of several runs in turn with a named
rival on the same machine; only the ratio says something.
"""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--areas", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("only", nargs="*",
                        help="border, join, recipe, growth, breaks, robustness, register, addresses, supply, workshop; "
                             "all by default")
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="teilhabe-bench-")  # the user's settings stay as they are
    subprocess.run([sys.executable, str(ROOT / ".ci" / "package.py")], check=True, cwd=ROOT, stdout=sys.stderr)
    sys.path[:0] = [str(ROOT), str(ROOT / "build")]

    from qgis.core import Qgis, QgsApplication

    application = QgsApplication([], True, tempfile.mkdtemp(prefix="teilhabe-bench-"))
    application.initQgis()
    import numpy as np
    import pandas as pd

    from tests.bench import (
        bench_addresses,
        bench_border,
        bench_breaks,
        bench_growth,
        bench_join,
        bench_recipe,
        bench_register,
        bench_robustness,
        bench_supply,
        bench_workshop,
    )
    from tests.bench.yardstick import table

    benches = {"border": bench_border, "join": bench_join, "recipe": bench_recipe, "growth": bench_growth,
               "breaks": bench_breaks, "robustness": bench_robustness, "register": bench_register,
               "addresses": bench_addresses, "supply": bench_supply, "workshop": bench_workshop}
    lines = []
    for name in chosen.only or benches:
        lines += benches[name].comparisons(chosen.areas, chosen.runs)
    print(f"QGIS {Qgis.version()}, pandas {pd.__version__}, numpy {np.__version__}; median of {chosen.runs} runs\n")
    print(table(lines), flush=True)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # QGIS 3.22 may crash when Python tears it down
