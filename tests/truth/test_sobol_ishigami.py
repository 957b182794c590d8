"""Sobol indices of the Ishigami function, whose values are known in closed form.

f(x) = sin x₁ + a·sin² x₂ + b·x₃⁴·sin x₁ with xᵢ evenly distributed in −π…π (Ishigami and Homma 1990). With a = 7 and
b = 0.1 the values, as printed in Saltelli et al., Global Sensitivity Analysis: The Primer (2008) and in the
documentation of SALib, are S = (0.3139, 0.4424, 0) and T = (0.5576, 0.4424, 0.2437).
"""
import numpy as np
import pytest

from teilhabe_plugin.core.sensitivity import sobol_of

A, B = 7, 0.1


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_first_and_total_order():
    found = sobol_of(ishigami, ["x1", "x2", "x3"], 60_000, seed=1)
    assert found.first == pytest.approx([0.3139, 0.4424, 0], abs=0.01)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)
    assert found.mean == pytest.approx(A / 2, abs=0.03)
    assert found.variance == pytest.approx(1 / 2 + A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18, rel=0.01)


def test_intervals_shrink_with_the_sample():
    small, large = (sobol_of(ishigami, ["x1", "x2", "x3"], runs) for runs in (500, 8000))
    widths = [np.diff(each.total_interval, axis=1).mean() for each in (small, large)]
    assert widths[1] < widths[0] / 3
    assert (large.total_interval[:, 0] <= [0.5576, 0.4424, 0.2437]).all()
