"""The properties of what is chosen in the tree."""
