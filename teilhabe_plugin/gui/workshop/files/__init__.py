"""The recipe as a file, as the project’s working state, and as a layer that is written."""
