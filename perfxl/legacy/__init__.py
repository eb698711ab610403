"""Workbooks that are no xlsx package, read and unlocked in a worker process with limits.

What opens them is other people's code on hostile bytes; it may abort, hang or ask for all
the memory there is, and only ever takes its own process along.
"""
