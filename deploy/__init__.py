"""Crossover on a server: nginx before two replicas, an image, and what a kill costs."""
