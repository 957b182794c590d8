"""Supply and demand in space: who reaches which offer, how well areas are supplied, and where a site would help most."""
