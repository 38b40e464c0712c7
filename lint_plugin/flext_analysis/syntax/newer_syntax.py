"""Which Python can parse a line that the running one cannot."""

from __future__ import annotations

import re
import sys

__all__ = ["needed_python"]

# Statements of newer versions, by the documents that define them. A line is matched from where it starts.
STATEMENTS = (
    ((3, 15), r"lazy\s+(import|from)\s"),  # PEP 810
    ((3, 15), r".*[\[({]\s*\*{1,2}\w.*\sfor\s.*\sin\s"),  # PEP 798
    ((3, 14), r"except\*?\s+[\w.]+\s*,\s*[\w., ]+:"),  # PEP 758
    ((3, 14), r""".*(?<![\w"'])([tT][rR]?|[rR][tT])["']"""),  # PEP 750
    ((3, 13), r"((async\s+)?def|class|type)\s+\w+\s*\[[^\]]*="),  # PEP 696
    ((3, 12), r"type\s+\w+\s*(\[.*\]\s*)?="),  # PEP 695
    ((3, 12), r"((async\s+)?def|class)\s+\w+\s*\["),  # PEP 695
    ((3, 12), r""".*(?<![\w"'])([fF][rR]?|[rR][fF])["'].*\{"""),  # PEP 701: quotes, comments and backslashes within
)


def needed_python(line: str, running: tuple[int, int] = sys.version_info[:2]) -> str:
    """Return the oldest version that supports the syntax of a line, "" if the running one should, or none does.

    It judges the line that could not be parsed, and so may be wrong about the rest of the file.

    >>> needed_python("    except KeyError, TypeError:", (3, 13))
    '3.14'
    >>> needed_python("    except KeyError, TypeError:", (3, 14)), needed_python("def f(:", (3, 11))
    ('', '')
    """
    for version, pattern in STATEMENTS:
        if version > running and re.match(pattern, line.strip()):
            return ".".join(map(str, version))
    return ""
