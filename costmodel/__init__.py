"""What is consumed, and when: arrays in, arrays out; no idea of a screen."""

MODEL_VERSION = "1.2.0"
"""Moves when any total moves; CHANGELOG says by how much and why."""
