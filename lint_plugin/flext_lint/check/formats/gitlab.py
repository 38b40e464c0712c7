"""A code quality report of GitLab (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from flext_lint.check.violation import Violation

__all__ = ["render"]


def render(violations: Sequence[Violation]) -> str:
    """Return an array of issues; the fingerprint of each stays the same when lines move.

    >>> render([])
    '[]'
    """
    seen: Counter[str] = Counter()
    issues = []
    for one in violations:
        what = f"{one.path}:{one.code}:{one.message}"
        seen[what] += 1
        issues.append(
            {
                "description": f"{one.code}: {one.message}",
                "check_name": one.code,
                "fingerprint": hashlib.blake2b(f"{what}:{seen[what]}".encode(), digest_size=16).hexdigest(),
                "severity": "major",
                "location": {"path": one.path.replace("\\", "/"), "lines": {"begin": one.line}},
            }
        )
    return json.dumps(issues, indent=1, ensure_ascii=False)
