"""`export`: the cost report as a file."""
