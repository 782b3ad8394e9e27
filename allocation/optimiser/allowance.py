"""What a division may use where nobody says otherwise."""

from typing import Final

SECONDS: Final = 900.0
MEMORY_BYTES: Final = 4 * 1024**3
# Draws of the lots over which a chance is counted.
DRAWS: Final = 1_000
