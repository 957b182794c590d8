"""Copy build/teilhabe/ into a QGIS user profile: `install_plugin.py [profile name or profile folder]`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


def profiles_folder() -> Path:
    """Where QGIS 3 keeps its user profiles on this system."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "QGIS" / "QGIS3" / "profiles"
    if os.name == "nt":
        return Path(os.environ["APPDATA"]) / "QGIS" / "QGIS3" / "profiles"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "QGIS" / "QGIS3" / "profiles"


def main(profile: str = "default") -> None:
    """Replace the plugin of a profile by the assembled one; the earlier one goes only when the new one is there."""
    folder = Path(profile) if os.sep in profile else profiles_folder() / profile
    plugins = folder / "python" / "plugins"
    target, new, old = plugins / "teilhabe", plugins / ".teilhabe-new", plugins / ".teilhabe-old"
    for left_over in (new, old):
        shutil.rmtree(left_over, ignore_errors=True)
    plugins.mkdir(parents=True, exist_ok=True)
    shutil.copytree(REPOSITORY / "build" / "teilhabe", new, ignore=shutil.ignore_patterns("__pycache__"))
    if target.is_symlink():
        target.unlink()
    elif target.is_dir():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    print(f"installed in {target}")
    print("In QGIS: Plugins ▸ Manage and Install Plugins ▸ Installed ▸ tick “Teilhabe”.")


if __name__ == "__main__":
    main(*sys.argv[1:2])
