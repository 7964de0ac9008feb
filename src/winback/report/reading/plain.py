"""Text that is packed or not UTF-8 is written anew, as a stream, for the engine to read."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from winback.errors import ReportRefused
from winback.report.fetch import limited
from winback.report.packed import chunks_of, is_packed
from winback.report.recognise import UTF_8

if TYPE_CHECKING:
    from winback.settings import Product

# In these a text that is UTF-8 too, such as "Ã©", is no text that anybody means.
_WESTERN = ("cp1250", "cp1252", "iso8859-1", "iso8859-2", "iso8859-15")
_BEYOND_ASCII = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")


def written_plainly(path: Path, encoding: str, product: Product, folder: Path) -> Path:
    """The file itself where it is plain UTF-8, else one in `folder`. Raises ReportRefused where the text is not of that
    encoding."""
    if encoding == UTF_8 and not is_packed(path):
        return path
    chunks = limited(chunks_of(path), path, product)
    plain = folder / "plain"
    with plain.open("wb") as stream:
        # UTF-8 is passed on as it is: the engine names the line that is not.
        stream.writelines(chunks if encoding == UTF_8 else _as_utf_8(chunks, encoding, path, product))
    return plain


def _as_utf_8(chunks: Iterable[bytes], encoding: str, path: Path, product: Product) -> Iterator[bytes]:
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    for chunk in itertools.chain(chunks, [b""]):
        if encoding in _WESTERN and not chunk.isascii():
            _refuse_utf_8(chunk, line, path, product)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].decode(error.encoding, "ignore").count("\n")
            raise ReportRefused(f"{path.name}: line {line}: {_wrong(product, encoding)}") from error
        yield text.encode()
        line += text.count("\n")


def _refuse_utf_8(chunk: bytes, line: int, path: Path, product: Product) -> None:
    """A line that reads as UTF-8 is taken for it: every letter beyond ASCII would become two others."""
    for found in _BEYOND_ASCII.finditer(chunk):
        try:
            found[0].decode(UTF_8)
        except UnicodeDecodeError:
            continue
        line += chunk.count(b"\n", 0, found.start())
        raise ReportRefused(
            f"{path.name}: line {line}: the text is UTF-8; take {product.key}.encoding away, or, if the other"
            " lines are not UTF-8, save the report anew: it mixes two encodings"
        )


def _wrong(product: Product, encoding: str) -> str:
    if product.encoding is None:
        return (
            f"the text is not {encoding.upper()}, as the mark at its beginning says; is the file complete? If the"
            f" mark is wrong, save the report without it, and set {product.key}.encoding to how it is written"
        )
    return f'the text is not {encoding}; {product.key}.encoding says "{product.encoding}"'
