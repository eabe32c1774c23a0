"""Sends a request byte for byte, as no HTTP client would, and reads the answer."""

import http.client
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer; the names of *headers* are in lower case. *status* is 0 if the connection was closed instead."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def exchange(url: str, line: str, headers: Sequence[str], body: bytes = b"", *, is_chunked: bool = False) -> Answered:
    """Send ``METHOD target`` and *headers* as they are to the host at *url*, and return the answer."""
    place = urlsplit(url)
    is_secret = place.scheme == "https"
    sent = [f"{line} HTTP/1.1", f"Host: {place.netloc}", "Connection: close", *headers]
    if is_chunked:
        sent.append("Transfer-Encoding: chunked")
        body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    elif body:
        sent.append(f"Content-Length: {len(body)}")
    head = "\r\n".join([*sent, "", ""]).encode("utf-8")
    with socket.create_connection((place.hostname or "", place.port or (443 if is_secret else 80)), SECONDS) as plain:
        opened = ssl.create_default_context().wrap_socket(plain, server_hostname=place.hostname) if is_secret else plain
        with opened:
            opened.sendall(head + body)
            return _read(opened, line.partition(" ")[0])


def _read(opened: socket.socket, method: str) -> Answered:
    answer = http.client.HTTPResponse(opened, method=method)
    try:
        answer.begin()
        return Answered(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    except (http.client.HTTPException, ConnectionError):
        return Answered(0)
    finally:
        answer.close()
