"""What happens to a report that is written already: to its text, its bytes, the packed file, its name."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.odd.dress import PACKED

OF_TEXT = Callable[[random.Random, str], str]
OF_BYTES = Callable[[random.Random, bytes], bytes]
OF_NAME = Callable[[random.Random, str], str]
SIGN_IN = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in</body></html>"
ODD_CHARACTERS = (
    "\u0001\u0008\u000b\u000c\u001b\u001c\u007f\u0085\u00a0"
    "\u00ad\u200b\u200f\u202e\u2028\ufeff\ufffd\ufffe😀\"',;|\t\r\n\\ "
)


def cut(rng: random.Random, text: str) -> str:
    return text[: rng.randrange(len(text) + 1)]


def cut_in_a_line(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    place = rng.randrange(len(lines))
    lines[place] = cut(rng, lines[place])
    return "".join(lines)


def join_lines(rng: random.Random, text: str) -> str:
    ends = [place for place, letter in enumerate(text) if letter == "\n"]
    return _without(text, rng.choice(ends)) if ends else text


def lose_a_character(rng: random.Random, text: str) -> str:
    return _without(text, rng.randrange(len(text)))


def lose_a_quote(rng: random.Random, text: str) -> str:
    quotes = [place for place, letter in enumerate(text) if letter == '"']
    return _without(text, rng.choice(quotes)) if quotes else _with(rng, text, '"')


def more_quotes(rng: random.Random, text: str) -> str:
    for _ in range(rng.choice([1, 2, 4])):
        text = _with(rng, text, rng.choice(['"', '""', "'"]))
    return text


def odd_characters(rng: random.Random, text: str) -> str:
    for _ in range(rng.choice([1, 1, 3, 10])):
        text = _with(rng, text, rng.choice(ODD_CHARACTERS))
    return text


def a_nul(rng: random.Random, text: str) -> str:
    return _with(rng, text, "\0" * rng.choice([1, 1, 100]))


def blank_lines(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(rng.choice([1, 2, 5])):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(["\n", "\n", "\r\n", " \n", "\t\n"]))
    return "".join(lines)


def lines_before_the_header(rng: random.Random, text: str) -> str:
    """As reporting tools like to write."""
    return (
        rng.choice(
            ["Accounts of 7 November\n\n", "sep=;\n", "# made by a machine\n", "\n", "\n\n\n", "\ufeff\ufeff", "-- \n"]
        )
        + text
    )


def lines_after_the_end(rng: random.Random, text: str) -> str:
    return text + rng.choice(
        ["\n\n\n", "(62 rows)\n", "END", "\x1a", "ORA-01555: snapshot too old\n", "\0\0\0", " ", ","]
    )


def mixed_line_ends(rng: random.Random, text: str) -> str:
    return "".join(
        rng.choice(["\r\n", "\n", "\n", "\r"]) if letter == "\n" and rng.random() < 0.2 else letter for letter in text
    )


def other_line_ends(rng: random.Random, text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", rng.choice(["\r", "\r\r\n", "\n\n", "\u2028", "\x0b"]))


def other_delimiter_here_and_there(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    for place in rng.sample(range(len(lines)), min(3, len(lines))):
        lines[place] = lines[place].replace(",", ";", rng.choice([1, 1_000]))
    return "".join(lines)


def swap_lines(rng: random.Random, text: str) -> str:
    """The header may end up anywhere."""
    lines = text.splitlines(keepends=True)
    rng.shuffle(lines)
    return "".join(lines)


def twice(rng: random.Random, text: str) -> str:
    return text + text


def not_a_report(rng: random.Random, text: str) -> str:
    return rng.choice(
        [
            "",
            "\n",
            SIGN_IN,
            '{"error": "unauthorized"}\n',
            "null\n",
            "[]\n",
            "502 Bad Gateway",
            "\ufeff",
            '"',
            ",,,\n,,,\n",
        ]
    )


def flip_bytes(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 8])):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut_bytes(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def cut_the_beginning(rng: random.Random, content: bytes) -> bytes:
    return content[rng.randrange(min(len(content), 400) + 1) :]


def insert_bytes(rng: random.Random, content: bytes) -> bytes:
    place = rng.randrange(len(content) + 1)
    return content[:place] + rng.randbytes(rng.choice([1, 2, 30])) + content[place:]


def zero_a_block(rng: random.Random, content: bytes) -> bytes:
    """A hole, as a copy that failed leaves one."""
    place = rng.randrange(len(content) + 1)
    length = min(rng.choice([16, 512, 4096]), len(content) - place)
    return content[:place] + bytes(length) + content[place + length :]


def other_encoding(rng: random.Random, content: bytes) -> bytes:
    encoding = rng.choice(["cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp850", "shift_jis"])
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def mixed_encodings(rng: random.Random, content: bytes) -> bytes:
    half = len(content) // 2
    return content[:half] + content[half:].decode("utf-8", "replace").encode("cp1252", "replace")


def packed_again(rng: random.Random, content: bytes) -> bytes:
    return PACKED[rng.choice([".gz", ".zst"])](content)


def put_after_itself(rng: random.Random, content: bytes) -> bytes:
    """Packed files may be put one after the other."""
    return content + content


def with_a_tail(rng: random.Random, content: bytes) -> bytes:
    return content + rng.choice([bytes(512), b"\n", b"garbage", content[:50]])


def other_ending(rng: random.Random, ending: str) -> str:
    return rng.choice(
        [
            ".csv",
            ".tsv",
            ".ndjson",
            ".parquet",
            ".csv.gz",
            ".csv.zst",
            ".ndjson.gz",
            ".txt",
            "",
            ".CSV",
            ".csv.bak",
            ".gz",
        ]
    )


def _without(text: str, place: int) -> str:
    return text[:place] + text[place + 1 :]


def _with(rng: random.Random, text: str, inserted: str) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + inserted + text[place:]


TO_TEXT: tuple[OF_TEXT, ...] = (
    cut, cut_in_a_line, join_lines, lose_a_character, lose_a_quote, more_quotes, odd_characters, a_nul, blank_lines,
    lines_before_the_header, lines_after_the_end, mixed_line_ends, other_line_ends, other_delimiter_here_and_there,
    swap_lines, twice, not_a_report,
)  # fmt: skip
TO_BYTES: tuple[OF_BYTES, ...] = (
    flip_bytes, cut_bytes, cut_the_beginning, insert_bytes, zero_a_block, other_encoding, mixed_encodings,
    packed_again,
)  # fmt: skip
TO_PACKED: tuple[OF_BYTES, ...] = (
    flip_bytes,
    cut_bytes,
    insert_bytes,
    put_after_itself,
    with_a_tail,
    cut_the_beginning,
)
TO_NAMES: tuple[OF_NAME, ...] = (other_ending,)
