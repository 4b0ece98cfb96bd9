"""What the numbers in the sentences of a page must be: message → its arguments, recomputed.

Here: one function for each message that states numbers or chooses names. Not here: the numbers (recomputed.py), which message is chosen
(tests/pages/test_findings.py). A message without a function here is found by tests/pages/test_parity_texts.py.
"""

from . import around, cards, losses, made_of, quality, sentences, titles
from .base import CHOSEN, POLICY, SAID, Spot

__all__ = ["CHOSEN", "POLICY", "SAID", "Spot", "around", "cards", "losses", "made_of", "quality", "sentences", "titles"]
