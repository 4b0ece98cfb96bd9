"""What the faults share that a person can mend: the command line says them in their own words, without a trace.

Here: that class alone, so that catching one costs no import. Not here: the faults themselves, which stand beside what raises them.
"""

from __future__ import annotations


class MendableFault(Exception):
    """Its first argument says what is wrong and what to do."""
