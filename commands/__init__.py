"""Groups of commands of cli.py, and what they share."""
