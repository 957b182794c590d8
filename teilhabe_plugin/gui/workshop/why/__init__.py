"""Tab “Why?”: why an area has its class."""
