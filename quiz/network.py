"""The addresses at which browsers reach a server that listens on a host."""

import ipaddress
import socket
from contextlib import suppress

# A test address (RFC 5737). Connecting a UDP socket to it sends nothing, but tells our own address.
ELSEWHERE = ("192.0.2.1", 9)
ANY = ("0.0.0.0", "::", "")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def here(host: str) -> str:
    """The host for browsers on this machine."""
    return "127.0.0.1" if host in ANY else _written(host)


def in_lan(host: str) -> str:
    """The host for browsers on other machines."""
    if host not in ANY:
        return _written(host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(ELSEWHERE)
        return str(probe.getsockname()[0])
    return socket.gethostname()


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
