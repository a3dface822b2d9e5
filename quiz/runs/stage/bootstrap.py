"""Makes `quiz.runs.stage` importable in an environment, which has none of the app's packages.

As a script it is the zygote. An environment's `.pth` file executes it to install the probe, also in
processes that a library starts, such as uvicorn's workers.
"""

import importlib
import importlib.util
import os
import sys
from pathlib import Path

PROBE = "AFTER_RESPONSE_PROBE"
RUN = "AFTER_RESPONSE_RUN"


def register(root: Path) -> None:
    """Import `quiz` from the folder `root`. Raises ImportError if that is not a package."""
    if "quiz" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        "quiz", root / "__init__.py", submodule_search_locations=[str(root)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{root} holds no package")
    module = importlib.util.module_from_spec(spec)
    sys.modules["quiz"] = module
    spec.loader.exec_module(module)


def _main() -> None:
    here = os.environ.get(PROBE) or __file__
    register(Path(here).resolve().parents[2])
    if __name__ == "__main__" and len(sys.argv) > 1 and sys.argv[1] == "zygote":
        importlib.import_module("quiz.runs.stage.zygote").main()
    elif run := os.environ.get(RUN):
        importlib.import_module("quiz.runs.stage.probe.watch").install(run)


# The `.pth` file executes this text under another `__name__`. A plain import does nothing.
if __name__ == "__main__" or (os.environ.get(PROBE) and not __name__.startswith("quiz.")):
    _main()
