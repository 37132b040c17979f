"""Benchmarks of the web client in a real Chromium: `make client-bench`. Figures beside budgets; never a verdict."""
