"""Under which addresses a server that listens on a host is reached."""

import ipaddress
import socket
from contextlib import suppress

# A test address: asking for the way to it sends nothing, and names our address in the LAN.
ELSEWHERE = ("192.0.2.1", 9)
ANY = ("0.0.0.0", "::", "")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def here(host: str) -> str:
    """As this machine's browser has to write it."""
    return "127.0.0.1" if host in ANY else _written(host)


def in_lan(host: str) -> str:
    """As other machines have to write it."""
    if host not in ANY:
        return _written(host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(ELSEWHERE)
        return str(probe.getsockname()[0])
    return socket.gethostname()


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
