"""The only border between QGIS and the frames that core works on."""
