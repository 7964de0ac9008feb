"""What goes wrong on order. `done` says whether the call took effect before it did."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from .things import Call

Kind = Literal[
    "ratelimited",  # 429 with Retry-After
    "ratelimited_body",  # 200 and {"ok": false, "error": "ratelimited"}
    "http_500",
    "http_503",
    "fatal_error",
    "internal_error",
    "silence",  # no answer until the client gives up
    "dropped",  # the connection is cut
    "late",  # the right answer, `seconds` late
    "hidden",  # the right answer; what was posted is in history and replies only `seconds` later
    "html",  # a proxy's page of 502
    "error",  # {"ok": false, "error": code}
    "token_revoked",  # from now on
]
KINDS: tuple[Kind, ...] = get_args(Kind)
ALWAYS_DONE = frozenset({"late", "hidden"})
NEVER_DONE = frozenset({"ratelimited", "ratelimited_body", "error", "token_revoked"})
RANDOM: tuple[tuple[Kind, bool], ...] = tuple(
    (kind, done)
    for kind in KINDS
    if kind not in {"token_revoked", "error"}
    for done in (False, True)
    if not (done and kind in NEVER_DONE) and not (not done and kind in ALWAYS_DONE)
)


@dataclass
class Fault:
    kind: Kind
    method: str | None = "chat.postMessage"
    done: bool = False
    times: int | None = 1
    """How many calls it meets; None: all."""
    after: int = 0
    """How many calls it lets pass first."""
    seconds: float = 1.0
    code: str = ""
    when: Callable[[Call], bool] | None = None

    def __post_init__(self) -> None:
        assert self.kind in KINDS, f"no such fault: {self.kind}"
        assert not (self.done and self.kind in NEVER_DONE), f"{self.kind} is never done"
        self.done = self.done or self.kind in ALWAYS_DONE

    @property
    def name(self) -> str:
        return f"{self.kind}, done" if self.done else self.kind

    def meets(self, call: Call) -> bool:
        if self.times == 0 or self.method not in (None, call.method) or (self.when and not self.when(call)):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        self.times = None if self.times is None else self.times - 1
        return True


@dataclass
class Faults:
    """`order` one, or have a share of all calls fail in every way (`at_random`)."""

    ordered: list[Fault] = field(default_factory=list)
    _share: float = 0.0
    _random: random.Random = field(default_factory=random.Random)
    _methods: frozenset[str] | None = None
    _kinds: Sequence[tuple[Kind, bool]] = RANDOM
    _seconds: float = 0.2

    def order(
        self,
        kind: Kind,
        method: str | None = "chat.postMessage",
        *,
        done: bool = False,
        times: int | None = 1,
        after: int = 0,
        seconds: float = 1.0,
        code: str = "",
        when: Callable[[Call], bool] | None = None,
    ) -> Fault:
        fault = Fault(kind, method, done, times, after, seconds, code, when)
        self.ordered.append(fault)
        return fault

    def at_random(
        self,
        seed: int,
        share: float = 0.05,
        *,
        methods: Sequence[str] | None = None,
        kinds: Sequence[tuple[Kind, bool]] = RANDOM,
        seconds: float = 0.2,
    ) -> None:
        """`kinds`: pairs of kind and whether done. `share=0` ends it."""
        self._random, self._share, self._kinds, self._seconds = random.Random(seed), share, kinds, seconds
        self._methods = None if methods is None else frozenset(methods)

    def clear(self) -> None:
        self.ordered, self._share = [], 0.0

    def meeting(self, call: Call) -> Fault | None:
        for fault in self.ordered:
            if fault.meets(call):
                return replace(fault, times=1, after=0)
        concerned = self._methods is None or call.method in self._methods
        if not concerned or self._random.random() >= self._share:
            return None
        kind, done = self._random.choice(list(self._kinds))
        return Fault(kind, call.method, done, seconds=self._seconds)
