"""The invented sample city in the user's project."""
from __future__ import annotations

import shutil
from pathlib import Path

from qgis.core import QgsApplication, QgsProject, QgsSettings, QgsVectorLayer

from .. import paths
from ..translation import tr

GROUP = "Musterstadt"
#: table in the GeoPackage, kind of background ("" = none), shown at first; from top to bottom
LAYERS = (
    ("bezirke", "district", True),
    ("gebiete", "", True),
    ("bahn", "railway", True),
    ("strassen", "", False),
    ("adressen", "", False),
    ("gewaesser", "water", True),
    ("gruenflaechen", "green", True),
)


def titles() -> dict[str, str]:
    """Return the names of the layers in the user's language."""
    return {
        "bezirke": tr("Districts"), "gebiete": tr("Areas"), "bahn": tr("Railway"), "strassen": tr("Streets"),
        "adressen": tr("Addresses"), "gewaesser": tr("Water"), "gruenflaechen": tr("Parks"),
    }


def working_copy() -> Path:
    """Return the folder with the user's own copy of the sample data, so that it can be edited."""
    source = paths.sample("musterstadt")
    target = Path(QgsApplication.qgisSettingsDirPath(), "teilhabe", "musterstadt")
    target.mkdir(parents=True, exist_ok=True)
    for file in source.iterdir():
        copy = target / file.name
        if file.is_file() and not copy.exists():
            shutil.copyfile(file, copy)
    return target


def load_sample_city(iface) -> list[QgsVectorLayer]:
    """Add areas and backgrounds of the sample city to the project and show them; return the layers added.

    The folder with its tables becomes the one in which the dialog for joining looks first.
    """
    from ..bridge.background import style_background
    from ..bridge.map_texts import set_city
    from ..bridge.project import AREAS, BACKGROUND, REGISTER, set_role

    project, folder = QgsProject.instance(), working_copy()
    QgsSettings().setValue("teilhabe/join/folder", str(folder))
    root = project.layerTreeRoot()
    group = root.findGroup(GROUP) or root.addGroup(GROUP)
    names, added = titles(), []
    for table, kind, shown in LAYERS:
        layer = QgsVectorLayer(f"{folder / 'musterstadt.gpkg'}|layername={table}", names[table], "ogr")
        if not layer.isValid() or any(each.source() == layer.source() for each in project.mapLayers().values()):
            continue
        if kind:
            style_background(layer, kind)
            set_role(layer, BACKGROUND)
        elif table == "gebiete":
            set_role(layer, AREAS)
        elif table == "adressen":
            set_role(layer, REGISTER)
        project.addMapLayer(layer, False)
        group.addLayer(layer).setItemVisibilityChecked(shown)
        added.append(layer)
    if added:
        set_city(project, GROUP)
        canvas = iface.mapCanvas()
        project.setCrs(added[0].crs())
        canvas.setExtent(added[0].extent())
        canvas.zoomByFactor(1.05)
        canvas.refresh()
    return added
