"""The project's own data files: word lists, registries and sentences that lie beside the code as YAML.

Here: how one is read. Not here: what any of them means (the module beside each), what people write (decisions.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C where PyYAML was built with it: it takes a tenth of the time, and every process of a run reads these files."""


def read_yaml(file: Path) -> Any:
    """What a data file holds. yaml.YAMLError when it is no YAML."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
