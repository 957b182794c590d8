"""Tab “Comparison”: who changes class against another recipe or state, and which indicator did it."""
