"""Further indicators: what the catalogue and the layer hold beside the tree."""
