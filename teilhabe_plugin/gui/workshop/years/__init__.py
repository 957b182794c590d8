"""Tab “Years”: lines of the areas, and the gap between them."""
