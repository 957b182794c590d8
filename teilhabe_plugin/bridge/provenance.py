"""Where a result came from: recipe, inputs with fingerprints, versions. Stored with the layer as JSON."""
from __future__ import annotations

import configparser
import hashlib
import os
import platform
from datetime import datetime, timezone

import numpy as np
import pandas as pd
from qgis.core import Qgis, QgsMapLayer, QgsProviderRegistry

from .. import paths
from .snapshot import original_id


def frame_fingerprint(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a frame's columns and values; the index does not count."""
    digest = hashlib.sha256("\x1f".join(map(str, frame.columns)).encode())
    for column in frame.columns:
        digest.update(pd.util.hash_array(_hashable(frame[column])).tobytes())
    return digest.hexdigest()


def file_fingerprint(path: str | os.PathLike) -> str:
    """Return the SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def layer_file(layer: QgsMapLayer) -> str:
    """Return the file behind a layer, "" when there is none."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = parts.get("path") or ""
    return path if os.path.isfile(path) else ""


def layer_input(layer: QgsMapLayer | None, name: str, frame: pd.DataFrame) -> dict:
    """Describe a layer that was read: name, file (without folders), columns and the fingerprint of the values."""
    described = {
        "name": name,
        "rows": len(frame),
        "columns": [str(column) for column in frame.columns],
        "sha256": frame_fingerprint(frame),
    }
    if layer is not None:
        described |= {"layer_id": original_id(layer), "file": os.path.basename(layer_file(layer))}
    return described


def provenance(algorithm: str, inputs: list[dict], **settings) -> dict:
    """Return the record that is stored with a result.

    Parameters
    ----------
    algorithm : str
        Id of the algorithm.
    inputs : list of dict
        What was read, each with its fingerprint.
    **settings
        What else is needed to do the same again, as JSON values.
    """
    return {
        "algorithm": algorithm,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "inputs": inputs,
        "versions": versions(),
        **settings,
    }


def versions() -> dict:
    """Return the versions of the plugin and of what it computes with."""
    return {
        "teilhabe": plugin_version(),
        "qgis": Qgis.version(),
        "python": platform.python_version(),
        "pandas": pd.__version__,
        "numpy": np.__version__,
    }


def plugin_version() -> str:
    """Return the version that metadata.txt states."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(paths.metadata(), encoding="utf-8")
    return parser.get("general", "version", fallback="")


def _hashable(values: pd.Series) -> np.ndarray:
    """Return values whose hash does not depend on how missing ones or whole numbers are stored."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(float, na_value=np.nan) + 0.0  # −0.0 and 0.0 are one value
    return values.astype(object).where(values.notna(), "\x00").astype(str).to_numpy(object)
