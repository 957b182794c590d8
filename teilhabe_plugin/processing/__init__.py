"""The algorithms: parameters in, core called, layers out."""
