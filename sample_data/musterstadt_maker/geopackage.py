"""Layers of the city as plain rows, and the GeoPackage made of them."""

from __future__ import annotations

import os

from osgeo import gdal, ogr, osr
from shapely.geometry import MultiLineString, Point

from .geometry import EPSG, canonical, lines_of

TEXT, INTEGER = "text", "integer"
FIELDS = {
    "gebiete": (
        ("gebiet_nr", TEXT),
        ("gebiet_name", TEXT),
        ("bezirk_nr", TEXT),
        ("bezirk_name", TEXT),
        ("einwohner", INTEGER),
    ),
    "bezirke": (("bezirk_nr", TEXT), ("bezirk_name", TEXT), ("einwohner", INTEGER)),
    "gewaesser": (("name", TEXT), ("art", TEXT)),
    "gruenflaechen": (("name", TEXT), ("art", TEXT)),
    "bahn": (("name", TEXT), ("art", TEXT)),
    "strassen": (("name", TEXT), ("art", TEXT)),
    "adressen": (
        ("adresse_id", INTEGER),
        ("strasse", TEXT),
        ("hausnummer", INTEGER),
        ("zusatz", TEXT),
        ("plz", TEXT),
        ("gebiet_nr", TEXT),
    ),
}
KINDS = {
    "gebiete": ogr.wkbMultiPolygon,
    "bezirke": ogr.wkbMultiPolygon,
    "gewaesser": ogr.wkbMultiPolygon,
    "gruenflaechen": ogr.wkbMultiPolygon,
    "bahn": ogr.wkbMultiLineString,
    "strassen": ogr.wkbLineString,
    "adressen": ogr.wkbPoint,
}


def layers_of(city):
    """Return {layer: [(values, shapely geometry)]} in a fixed order."""
    people = {area.number: int(city.people[place, -1].sum()) for place, area in enumerate(city.areas)}
    district_people = {}
    for area in city.areas:
        district_people[area.district] = district_people.get(area.district, 0) + people[area.number]
    streets = [((street.name, street.kind), canonical(street.line)) for street in city.streets]
    streets.sort(key=lambda row: (row[0], list(row[1].coords)))
    return {
        "gebiete": [
            ((area.number, area.name, area.district, area.district_name, people[area.number]), area.geometry)
            for area in city.areas
        ],
        "bezirke": [((number, name, district_people[number]), shape) for number, name, shape in city.districts],
        "gewaesser": [((name, kind), canonical(shape)) for name, kind, shape in city.land.water],
        "gruenflaechen": [((name, kind), shape) for name, kind, shape in city.greens],
        "bahn": [
            ((name, kind), MultiLineString([canonical(line) for line in lines_of(shape)]))
            for name, kind, shape in city.land.railways
        ],
        "strassen": streets,
        "adressen": [
            (
                (address.number, address.street, address.house, address.suffix or None, address.postcode, address.area),
                Point(address.x, address.y),
            )
            for address in city.addresses
        ],
    }


def write_geopackage(layers, path):
    """Write all layers to a GeoPackage; an older file is replaced."""
    gdal.UseExceptions()
    if os.path.exists(path):
        os.remove(path)
    gdal.SetConfigOption("OGR_CURRENT_DATE", "2026-01-01T00:00:00.000Z")
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(EPSG)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    for name, rows in layers.items():
        layer = source.CreateLayer(name, reference, KINDS[name], options=["GEOMETRY_NAME=geom"])
        for field, kind in FIELDS[name]:
            layer.CreateField(ogr.FieldDefn(field, ogr.OFTString if kind == TEXT else ogr.OFTInteger))
        layer.StartTransaction()
        for values, shape in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for (field, _kind), value in zip(FIELDS[name], values):
                if value is not None:
                    feature.SetField(field, value)
            feature.SetGeometry(ogr.CreateGeometryFromWkb(shape.wkb))
            layer.CreateFeature(feature)
        layer.CommitTransaction()
        layer = None
    source = None
    gdal.SetConfigOption("OGR_CURRENT_DATE", None)
