"""Connections on which small messages leave at once."""

from __future__ import annotations

import os
import socket

OPEN_FILES = "/dev/fd"


def send_at_once() -> int:
    """No message of a connection that this process accepts from now on waits for another; returns on how many ports.

    A page is many small messages. Unless told otherwise, the system holds each back until the browser has confirmed
    the one before, which browsers put off by up to 40 ms. asyncio does tell it, but only for sockets that name their
    protocol, which Streamlit's does not. To be called when the server listens.
    """
    if not os.path.isdir(OPEN_FILES):
        return 0
    return sum(_told(int(number)) for number in os.listdir(OPEN_FILES))


def _told(number: int) -> bool:
    """Whether an open file is a port that is listened on; what it accepts inherits the setting."""
    try:
        twin = os.dup(number)
    except OSError:  # it was the list of open files itself
        return False
    try:
        port = socket.socket(fileno=twin)
    except OSError:  # no socket
        os.close(twin)
        return False
    with port:
        if port.family not in (socket.AF_INET, socket.AF_INET6) or port.type != socket.SOCK_STREAM:
            return False
        if not port.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            return False
        port.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return True
