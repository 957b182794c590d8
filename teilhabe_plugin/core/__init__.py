"""The method: numpy and pandas only, no QGIS, no Qt."""
