"""The editor for indicator catalogues."""
