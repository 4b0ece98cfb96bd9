"""A fictional district that hands in realistic, messy spreadsheets, with the truth recorded before it is formatted.

What really happened (district.py, activity.py, events.py) → how people write it (wording.py) → on which sheet (layouts.py, tally.py,
ledgers.py, details.py, outcomes.py, registers.py, compilations.py) → handed in when (delivery.py) → files and truth (generate.py).

Nothing of the reader is used here: the sample checks the reader, so the two may agree only about the world.
"""

from .generate import SAMPLE_FOLDER, SampleWritten, is_sample_path, remove_sample, write_sample

__all__ = ["SAMPLE_FOLDER", "SampleWritten", "is_sample_path", "remove_sample", "write_sample"]
