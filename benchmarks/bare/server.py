"""The bare page on a server that sends as promptly as that of the dashboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from addresses.at_once import send_at_once


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Small messages leave at once, here too: what is compared is the pages."""
    send_at_once()
    yield


app = st.App("page.py", lifespan=lifespan)
