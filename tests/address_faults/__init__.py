"""Lists of addresses with known truth: true addresses, written as people write them, with faults of every kind."""
