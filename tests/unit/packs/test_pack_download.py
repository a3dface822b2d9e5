"""`quiz pack add` with an address works only over TLS with a valid certificate."""

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from quiz.__main__ import main
from tests.unit.packs.test_pack_archive import WHOLE, zipped


class Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Prints nothing."""


class Elsewhere(BaseHTTPRequestHandler):
    """Redirects every request to an address without TLS."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://packs.example/pack.zip")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Prints nothing."""


class NoHttp(Elsewhere):
    def do_GET(self) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return tmp_path / "cert.pem"


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "packs").mkdir()
    monkeypatch.setenv("QUIZ_PACKS", str(tmp_path / "packs"))
    for name in ("SSL_CERT_FILE", "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "packs"


@contextmanager
def served(handler: object, certificate: Path) -> Iterator[str]:
    """The address of a file on a server that has this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:  # type: ignore[arg-type]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_port}/pack.zip"
        server.shutdown()


def test_a_pack_is_installed_from_an_address_whose_certificate_is_trusted(
    tmp_path: Path, packs: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped(tmp_path, WHOLE)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with served(partial(Files, directory=str(tmp_path)), certificate) as address:
        assert main(["pack", "add", address, "--yes"]) == 0
    assert (packs / "demos" / "tiny" / "scenario.py").read_text() == WHOLE["demos/tiny/scenario.py"]


def test_a_self_signed_certificate_is_refused(
    tmp_path: Path, packs: Path, certificate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    zipped(tmp_path, WHOLE)
    with served(partial(Files, directory=str(tmp_path)), certificate) as address:
        assert main(["pack", "add", address, "--yes"]) == 1
    assert "CERTIFICATE_VERIFY_FAILED" in capsys.readouterr().err
    assert list(packs.iterdir()) == []


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (Elsewhere, "http://packs.example/pack.zip is not an https:// address."),
        (NoHttp, "cannot be downloaded: 220 mail.example ESMTP"),
    ],
)
def test_an_untrusted_or_invalid_response_is_refused_in_one_sentence(
    packs: Path,
    certificate: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    handler: type,
    reason: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with served(handler, certificate) as address:
        assert main(["pack", "add", address, "--yes"]) == 1
    assert reason in capsys.readouterr().err
    assert list(packs.iterdir()) == []
