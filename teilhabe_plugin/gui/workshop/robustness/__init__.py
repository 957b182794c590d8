"""Tab “Certainty”: how sure ranks and classes are."""
