#!/usr/bin/env python3
"""Write the invented sample city "Musterstadt" into the folder ``musterstadt`` beside this script.

Usage: python3 make_musterstadt.py [folder]
"""
from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from musterstadt_maker.city import make_city  # noqa: E402
from musterstadt_maker.files import tables_of, write_tables  # noqa: E402
from musterstadt_maker.geopackage import layers_of, write_geopackage  # noqa: E402


def main(folder):
    """Make the city and write its files."""
    os.makedirs(folder, exist_ok=True)
    city = make_city()
    layers, tables = layers_of(city), tables_of(city)
    write_geopackage(layers, os.path.join(folder, "musterstadt.gpkg"))
    write_tables(tables, folder)
    for name, rows in layers.items():
        print(f"musterstadt.gpkg {name}: {len(rows)}")
    for name, rows in tables.items():
        print(f"{name if isinstance(name, str) else ' / '.join(name)}: {len(rows)} rows")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "musterstadt"))
