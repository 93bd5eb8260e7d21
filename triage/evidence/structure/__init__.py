"""Containers walked in pure Python, without decoding: cut files, broken chains, hidden tails.

One module a format, each with ``flaws(source)``. Measured, these walks find what no decoder
reports: all of 51 cut videos where a full decode found 32.
"""
