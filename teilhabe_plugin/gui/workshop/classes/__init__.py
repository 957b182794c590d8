"""Tab “Classes”: the histogram with movable bounds, and the list of classes."""
