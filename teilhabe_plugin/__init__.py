"""Teilhabe: small-area social monitoring in QGIS."""


def classFactory(iface):  # the name QGIS asks for
    """Return the plugin object; everything else is imported when it is needed."""
    from .plugin import TeilhabePlugin

    return TeilhabePlugin(iface)
