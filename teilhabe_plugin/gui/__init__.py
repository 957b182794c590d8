"""The windows: they collect settings and run the registered algorithms."""
