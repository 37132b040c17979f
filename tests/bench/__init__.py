"""Benchmarks: `make bench`. They print figures beside a floor measured in the same run, and never decide a test."""
