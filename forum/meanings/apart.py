"""`python -m forum.meanings.apart`: the process that knows meanings; it ends when its site does.

Apart, because texts are handed to a library that is no Python: whatever it does to them, the site goes on. It
gives way to pages, which are not to wait for it.
"""

import os
import sys
from typing import BinaryIO

from forum.meanings.wishes import LENGTH, Keep, Read, encode, framed, wishes

GIVING_WAY = 5


def main(asked: BinaryIO, answered: BinaryIO) -> None:
    """Answer wish by wish, until there are no more."""
    os.nice(GIVING_WAY)
    # Heavy: nothing of it may be loaded in the site's own process.
    from forum.meanings.vectors import Vectors

    vectors = Vectors()
    while head := asked.read(LENGTH.size):
        (length,) = LENGTH.unpack(head)
        wish = wishes.decode(asked.read(length))
        answer: object
        if isinstance(wish, Read):
            answer = vectors.read(wish)
        elif isinstance(wish, Keep):
            answer = vectors.keep(wish)
        else:
            answer = vectors.nearest(wish)
        answered.write(framed(encode(answer)))
        answered.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
