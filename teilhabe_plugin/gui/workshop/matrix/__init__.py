"""Tab “Matrix”: two classifications crossed."""
