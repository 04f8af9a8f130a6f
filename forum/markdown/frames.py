"""The frames between the cooker and its workers: four bytes of length, then JSON."""

import struct

LENGTH = struct.Struct(">I")
