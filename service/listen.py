"""The sockets that the server accepts connections on."""

import socket
from collections.abc import Sequence

from sources.errors import SettingsError

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 takes a free one.

    Binding before anything slow tells of a port in use at once.

    Raises:
        SettingsError: host and port cannot be listened on.
    """
    return _listening(host, port, ())


def listen_shared(host: str, port: int, count: int) -> list[socket.socket]:
    """So many listening TCP sockets on one address, among which the system shares out connections evenly.

    Several processes that accept on one socket do not: the first to wake takes most of a burst. Where the system knows
    no such sharing, it is one socket.

    Raises:
        SettingsError: host and port cannot be listened on.
    """
    first = listen(host, port)
    if count == 1 or not hasattr(socket, "SO_REUSEPORT"):
        return [first]
    # The first one tells whether another server is there; with the option, that would pass unnoticed.
    port = first.getsockname()[1]
    first.close()
    return [_listening(host, port, (socket.SO_REUSEPORT,)) for _ in range(count)]


def _listening(host: str, port: int, options: Sequence[int]) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        # The protocol must be named: asyncio turns Nagle's algorithm off only for sockets that say they are TCP, and
        # with it on each response waits 40 ms for the client's delayed acknowledgement.
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _unusable(host, port, error) from error
    try:
        for option in (socket.SO_REUSEADDR, *options):
            listening.setsockopt(socket.SOL_SOCKET, option, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise _unusable(host, port, error) from error
    return listening


def _unusable(host: str, port: int, error: OSError) -> SettingsError:
    return SettingsError(f"port {port} of {host} cannot be used ({error.strerror}); give another --host or --port")
