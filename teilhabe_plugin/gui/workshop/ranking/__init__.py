"""Tab “Ranking”: all areas by score."""
