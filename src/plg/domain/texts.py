"""Texts that people write and others see, such as names."""

from typing import Final

COMPOSING_MAX: Final = 4
"""
How many characters NFC makes one of, at most.

To normalize takes time in the square of a run of combining marks, so what is too long whatever its
form is refused before: 64 KiB of them would keep everybody waiting for seconds.
"""
