"""How the text of an unknown report is written."""

from __future__ import annotations

import codecs
from pathlib import Path

from winback.report.packed import chunks_of, head_of

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def guess_encoding(path: Path) -> str | None:
    """What the setting has to say; None where it need not: the text is UTF-8, or begins with a mark. Bytes alone don't
    tell one encoding of Western Europe from another: Windows' is the most frequent."""
    head = head_of(path)
    if head.startswith(_MARKS):
        return None
    if b"\0" in head:
        return "utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"
    if _can_be_read(path, "utf-8"):
        return None
    return "cp1252" if _can_be_read(path, "cp1252") else "latin-1"


def _can_be_read(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks_of(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
