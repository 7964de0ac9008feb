"""The API keeps to its OpenAPI document, whatever is asked: schemathesis against a real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.web.api_user import Api
from tests.web.opened import Pages, listening

# Of each operation; the same in each run.
EXAMPLES = 20


def test_whatever_is_asked_the_answer_is_one_that_the_document_tells_of(pages: Pages, tmp_path: Path) -> None:
    """All checks: statuses, content types and bodies as described, keys asked for, no question that breaks it."""
    key = Api(pages).keys["viewer"]
    with listening(pages) as url:
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "schemathesis.cli",
                "run",
                f"{url}/api/v1/openapi.json",
                f"--header=Authorization: Bearer {key}",
                "--checks=all",
                # Which products there are, and which filters go together, no schema can say.
                "--exclude-checks=positive_data_acceptance",
                "--generation-deterministic",
                f"--max-examples={EXAMPLES}",
                "--phases=examples,coverage,fuzzing",
                "--no-color",
            ],
            capture_output=True,
            text=True,
            timeout=600,
            cwd=tmp_path,
        )
    assert ran.returncode == 0, ran.stdout[-6_000:] + ran.stderr[-2_000:]
    assert "5 selected / 5 total" in ran.stdout
