"""A report that is not on disk is brought there, as a stream and only up to max_report_bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from winback.errors import ReportRefused
from winback.report.address import is_database
from winback.report.sources import Source

if TYPE_CHECKING:
    from winback.settings import Product


def fetched(source: Source, product: Product, folder: Path, head_only: bool = False) -> Source:
    """The report as a file: itself, or one in `folder`. `head_only`: of a query, only the first rows."""
    if source.address is None:
        return source
    path = folder / source.path.name
    if is_database(source.address):
        from winback.report.query import fetch_query

        fetch_query(source.address, product, path, head_only)
    else:
        from winback.report.buckets import content_of

        with path.open("wb") as stream:
            stream.writelines(limited(content_of(source.address), source.path, product))
    return replace(source, path=path)


def limited(chunks: Iterable[bytes], path: Path, product: Product) -> Iterator[bytes]:
    """The chunks of a report. Raises ReportRefused as soon as they are too many."""
    left = product.max_report_bytes
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise ReportRefused(too_large(path, product))
        yield chunk


def too_large(path: Path, product: Product) -> str:
    limit = f"{product.key}.max_report_bytes"
    return f"{path.name} has more than {product.max_report_bytes:,} bytes, unpacked: the most that {limit} allows"
