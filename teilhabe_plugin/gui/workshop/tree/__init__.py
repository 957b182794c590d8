"""The tree of the recipe."""
