"""Address registers, reading addresses as people type them, and locating the ones in the others."""
