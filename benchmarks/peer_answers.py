"""What another tool reports about a package, as JSON. Run by the Python that has the tool; see benchmarks.audit_peers.

    PYTHON benchmarks/peer_answers.py bubble|bubble-strict|raiseattention FOLDER

FOLDER contains only the package. The answer is ``{function: [class, ...]}``; a function is its file and qualified name.
"""

import json
import sys
from pathlib import Path
from typing import Any

Answer = dict[str, set[str]]


def by_bubble(folder: Path, mode: str) -> Answer:
    """Return the classes that leave each function according to bubble-analysis."""
    from bubble.enums import ResolutionMode  # type: ignore[import-not-found]
    from bubble.extractor import extract_from_directory  # type: ignore[import-not-found]
    from bubble.propagation import propagate_exceptions  # type: ignore[import-not-found]

    model = extract_from_directory(folder, use_cache=False)
    found = propagate_exceptions(model, resolution_mode=ResolutionMode(mode), skip_evidence=True)
    return {name: set(classes) for name, classes in found.propagated_raises.items()}


def by_raiseattention(folder: Path) -> Answer:
    """Return the classes in RaiseAttention's signature of each function, from the package's own code only."""
    from raiseattention.analyser import ExceptionAnalyser  # type: ignore[import-not-found]
    from raiseattention.config import Config  # type: ignore[import-not-found]

    config: Any = Config(project_root=folder)
    config.analysis.local_only = True
    config.cache.enabled = False
    analyser = ExceptionAnalyser(config)
    analyser.analyse_project(folder)
    found: Answer = {}
    for path, analysis in analyser._file_analyses.items():
        file = Path(path).relative_to(folder.resolve()).as_posix()
        module = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for name in analysis.functions:
            local = name.removeprefix(f"{module}.").removeprefix(f"{Path(file).stem}.")
            found.setdefault(f"{file}::{local}", set()).update(analyser.get_function_signature(name, path))
    return found


def main() -> None:
    """Print the answer."""
    tool, folder = sys.argv[1], Path(sys.argv[2])
    if tool == "raiseattention":
        found = by_raiseattention(folder)
    else:
        found = by_bubble(folder, "strict" if tool == "bubble-strict" else "default")
    print(json.dumps({name: sorted(classes) for name, classes in found.items()}))


if __name__ == "__main__":
    main()
