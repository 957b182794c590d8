"""Supply and demand in space: who reaches which offer, how well areas are supplied, where a site helps most."""
