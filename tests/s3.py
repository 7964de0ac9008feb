"""A small S3 server for tests: lists and gives objects, to who signs each request (Signature Version 4)."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET, REGION, BUCKET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", "eu-west-1", "exports"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<scope>[^,]+), ?SignedHeaders=(?P<headers>[^,]+), ?Signature=(?P<signature>\w+)"
)


class Server(ThreadingHTTPServer):
    """`objects`: key → content and when it was written; `given`: how many bytes of content were sent."""

    objects: dict[str, tuple[bytes, datetime]]
    given = 0


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).removeprefix("/").partition("/")
        if not self._is_signed():
            self._fail(403, "SignatureDoesNotMatch")
        elif bucket != BUCKET:
            self._fail(404, "NoSuchBucket")
        elif not key:
            self._list(dict(parse_qsl(parts.query, keep_blank_values=True)))
        elif key not in self.server.objects:
            self._fail(404, "NoSuchKey")
        else:
            self._give(*self.server.objects[key])

    do_HEAD = do_GET

    def _give(self, content: bytes, written: datetime) -> None:
        start, end = 0, len(content) - 1
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted:
            start, end = int(wanted[1]), min(end, int(wanted[2] or end))
        part = content[start : end + 1]
        headers = {"Last-Modified": f"{written:%a, %d %b %Y %H:%M:%S GMT}", "ETag": '"x"'}
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        self.server.given += len(part)
        self._send(206 if wanted else 200, part, headers)

    def _list(self, asked: dict[str, str]) -> None:
        prefix, delimiter = asked.get("prefix", ""), asked.get("delimiter", "")
        entries, folders = [], set()
        for key, (content, written) in sorted(self.server.objects.items()):
            rest = key.removeprefix(prefix)
            if not key.startswith(prefix):
                continue
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.split(delimiter)[0] + delimiter)
                continue
            entries.append(
                f"<Contents><Key>{escape(key)}</Key><LastModified>{written:%Y-%m-%dT%H:%M:%S}.000Z</LastModified>"
                f"<ETag>x</ETag><Size>{len(content)}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            )
        entries += [f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in sorted(folders)]
        body = (
            f'<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{BUCKET}'
            f"</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(entries)}</KeyCount><MaxKeys>1000</MaxKeys>"
            f"<IsTruncated>false</IsTruncated>{''.join(entries)}</ListBucketResult>"
        )
        self._send(200, body.encode(), {"Content-Type": "application/xml"})

    def _fail(self, status: int, code: str) -> None:
        body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'
        self._send(status, body.encode(), {"Content-Type": "application/xml"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _is_signed(self) -> bool:
        found = _AUTHORIZATION.match(self.headers.get("Authorization", ""))
        if not found or found["scope"].split("/")[0] != KEY:
            return False
        parts = urlsplit(self.path)
        query = "&".join(
            sorted(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in parse_qsl(parts.query, True))
        )
        names = found["headers"].split(";")
        headers = "".join(f"{name}:{' '.join((self.headers[name] or '').split())}\n" for name in names)
        payload = self.headers["x-amz-content-sha256"]
        request = f"{self.command}\n{parts.path}\n{query}\n{headers}\n{found['headers']}\n{payload}"
        scope = found["scope"].partition("/")[2]
        told = (
            f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        )
        signing = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            signing = hmac.digest(signing, part.encode(), "sha256")
        return hmac.digest(signing, told.encode(), "sha256").hex() == found["signature"]

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), _Handler) as server:
        server.objects = {}
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 7, tzinfo=UTC)
