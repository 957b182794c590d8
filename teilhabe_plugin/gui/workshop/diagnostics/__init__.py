"""Tab “Diagnostics”: correlations, reliability, weight and influence, findings in words."""
