"""Reading an address register and loading its index, against pandas.read_csv of the same file."""
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from teilhabe_plugin.core.addresses.register_areas import with_areas
from teilhabe_plugin.core.addresses.register_file import load_register, save_register
from teilhabe_plugin.core.addresses.register_formats import HK_FIELDS
from teilhabe_plugin.core.addresses.register_reading import read_register
from teilhabe_plugin.core.addresses.register_source import RegisterSource
from tests.bench.yardstick import SEED, Comparison, compare

#: rows of the registers: a city, a large city, and the size of a federal state
SIZES = (100_000, 1_000_000, 4_000_000)
_PER_STREET = 35
_BLOCK = 250_000
_BASE = ("Acker", "Birken", "Chaussee", "Dorf", "Eichen", "Feld", "Garten", "Hafen", "Insel", "Jäger", "Kirch",
         "Linden", "Mühlen", "Neubau", "Ost", "Park", "Quellen", "Rosen", "Schul", "Tal", "Ufer", "Vogel", "Wald",
         "Ziegel")
_ENDS = ("straße", "weg", "platz", "allee", "gasse", "ring", "steig", "damm")
#: the whole reading in a process of its own, which tells the most memory it ever held (Linux; `getrusage` would count
#: what the process that started it held)
_ALONE = """
import sys
sys.path.insert(0, {root!r})
{task}
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
_IMPORTS = "import pandas as pd\nfrom teilhabe_plugin.core.addresses.register_reading import read_register\n" \
           "from teilhabe_plugin.core.addresses.register_source import RegisterSource\n"


def write_house_coordinates(path: str, rows: int) -> None:
    """Write invented house coordinates (HK-DE), block by block."""
    random = np.random.default_rng(SEED)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(";".join(HK_FIELDS) + "\r\n")
        for start in range(0, rows, _BLOCK):
            number = np.arange(start, min(start + _BLOCK, rows))
            street = number // _PER_STREET
            east = 32_360_000 + (street % 500) * 60 + random.uniform(0, 300, len(number))
            north = 5_700_000 + (street // 500) * 60 + random.uniform(0, 300, len(number))
            for row, k, x, y in zip(number.tolist(), street.tolist(), east.tolist(), north.tolist()):
                name = f"{_BASE[k % 24]}{_BASE[k // 24 % 24].lower()}{_ENDS[k // 576 % 8]}"
                name += f" {k // 4608}" if k >= 4608 else ""
                suffix = "abc"[row % 3] if not row % 11 else ""
                file.write(f"N;DEXX{row:012d};A;05;1;13;{k // 20000:03d};0000;{k % 100000:05d};{row % _PER_STREET + 1};"
                           f"{suffix};{x:.3f};{y:.3f};{name};{40000 + k // 50 % 900};Musterstadt;;Ort {k // 200}\r\n"
                           .replace(".", ","))


def comparisons(rows: int, runs: int) -> list:
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = os.path.join(folder, f"hk_{size}.txt")
            write_house_coordinates(path, size)
            lines += _of_size(path, size, min(runs, 3) if size < SIZES[-1] else 1)
            if size == SIZES[1]:
                lines.append(_points_in_areas(path, min(runs, 3)))
            os.remove(path)
    return lines


def _of_size(path: str, size: int, runs: int) -> list:
    index = path + ".npz"

    def pandas():
        return pd.read_csv(path, sep=";", decimal=",", dtype={"LAN": str, "SSS": str, "GMD": str, "OTT": str})

    def build():
        save_register(index, read_register(RegisterSource(path)), "")

    build()
    register = load_register(index, "")
    if len(register) != size or register.crs != "EPSG:4647":
        raise RuntimeError("the register was not read as it was written")
    lines = [
        compare(f"register of {size:,} rows: index file made", "pandas read_csv", build, pandas, runs),
        compare(f"register of {size:,} rows: index file loaded", "pandas read_csv", lambda: load_register(index, ""),
                pandas, runs),
    ]
    os.remove(index)
    ours = _most_memory(f"{_IMPORTS}register = read_register(RegisterSource({path!r}))")
    rival = _most_memory(f"{_IMPORTS}frame = pd.read_csv({path!r}, sep=';', decimal=',')")
    bare = _most_memory(_IMPORTS)
    return [*lines, Comparison(f"register of {size:,} rows: memory at most", "pandas read_csv",
                               (ours - bare) / 1e6, (rival - bare) / 1e6, "GB")]


def _most_memory(task: str) -> int:
    """Return the most memory in kB that a process with this task ever held."""
    root = str(Path(__file__).resolve().parents[2])
    found = subprocess.run([sys.executable, "-c", _ALONE.format(root=root, task=task)], check=True, text=True,
                           stdout=subprocess.PIPE)
    return int(found.stdout)


def _points_in_areas(path: str, runs: int):
    """A million points in 500 areas, against one pass of pandas over the file they come from."""
    from shapely.geometry import box

    register = read_register(RegisterSource(path))
    west, south, east, north = (register.x.min(), register.y.min(), register.x.max(), register.y.max())
    xs, ys = np.linspace(west, east, 26), np.linspace(south, north, 21)
    areas = [box(xs[i], ys[j], xs[i + 1], ys[j + 1]) for i in range(25) for j in range(20)]
    keys = [f"{number:04d}" for number in range(len(areas))]
    if (with_areas(register, keys, areas).area == 0).any():
        raise RuntimeError("every point lies in one of the areas")
    return compare("areas of 1,000,000 addresses", "pandas read_csv", lambda: with_areas(register, keys, areas),
                   lambda: pd.read_csv(path, sep=";", decimal=","), runs)
