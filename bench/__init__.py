"""Benchmarks that anyone can run: ratios against a peer measured in the same run."""
