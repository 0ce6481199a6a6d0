"""Fit beside cost: rules over the scenario's requirements, what follows from them, and in which order to build."""
