"""Makes the invented sample city "Musterstadt" from a seed; see ../README.md."""
