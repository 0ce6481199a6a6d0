"""Speed figures: what the product takes, over the same work written down as bare as it can be."""

import os

# One core for all: a product of matrices on several of them would measure who else is busy on the machine.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
