"""The Centrifuge client protocol v2 in JSON, without sockets.

`codes` says what may go wrong, `messages` reads and writes JSON, `session` is the state of one client:
text in, effects out. Source: the public definition `centrifugal/protocol` (client.proto) and the pages
"client protocol", "history and recovery" and "client protocol codes" of Centrifugo's documentation.
"""

VERSION = "1.0.0"
