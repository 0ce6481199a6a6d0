"""Small messages leave at once."""

from __future__ import annotations

import os
import socket

import pytest

from addresses import at_once


def accepted_from(port: socket.socket) -> int:
    """Whether a connection to this port sends at once (0: no)."""
    with socket.create_connection(port.getsockname()), port.accept()[0] as connection:
        return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def listening():
    with socket.socket(socket.AF_INET) as port:
        port.bind(("127.0.0.1", 0))
        port.listen()
        yield port


def test_what_is_accepted_afterwards_sends_at_once(listening) -> None:
    before = accepted_from(listening)
    at_once.send_at_once()

    assert (bool(before), bool(accepted_from(listening))) == (False, True)


def test_files_and_other_sockets_are_left_alone_and_nothing_stays_open(listening, tmp_path) -> None:
    one, other = socket.socketpair()
    with (tmp_path / "file").open("w"), one, other, socket.socket() as silent:
        before = len(os.listdir(at_once.OPEN_FILES))
        told = at_once.send_at_once()

        assert told >= 1
        assert not silent.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert len(os.listdir(at_once.OPEN_FILES)) == before


def test_where_open_files_are_not_listed_nothing_is_done(listening, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(at_once, "OPEN_FILES", str(tmp_path / "nowhere"))

    assert at_once.send_at_once() == 0
    assert not accepted_from(listening)
