"""The protocol's codes, each used in its own meaning.

Source: Centrifugo's page "client protocol codes". Errors answer a command; from 2000 on they end a
subscription (from 2500 on the client subscribes again), from 3000 on a connection (it comes back, except
from 3500 to 3999).
"""


class ErrorReply(Exception):
    """A command is answered by an error; the connection stays."""

    def __init__(self, code: int, message: str, temporary: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.temporary = code, message, temporary


class Disconnect(Exception):
    """The connection ends, with this code and reason in the close frame."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


INTERNAL = (100, "internal server error", True)
PERMISSION_DENIED = (103, "permission denied")
METHOD_NOT_FOUND = (104, "method not found")
ALREADY_SUBSCRIBED = (105, "already subscribed")
LIMIT_EXCEEDED = (106, "limit exceeded")
BAD_REQUEST = (107, "bad request")
NOT_AVAILABLE = (108, "not available")
TOKEN_EXPIRED = (109, "token expired")
TOO_MANY_REQUESTS = (111, "too many requests", True)
UNRECOVERABLE = (112, "unrecoverable position")

UNSUBSCRIBED = (2000, "server unsubscribe")
INSUFFICIENT_STATE = (2500, "insufficient state")

SHUTDOWN = (3001, "shutdown")
SERVER_ERROR = (3004, "internal server error")
EXPIRED = (3005, "connection expired")
SLOW = (3008, "slow")
NO_PONG = (3012, "no pong")
FLOODING = (3013, "too many requests")
INVALID_TOKEN = (3500, "invalid token")
BAD_FRAME = (3501, "bad request")
STALE = (3502, "stale")
FORCED = (3503, "force disconnect")
CONNECTION_LIMIT = (3504, "connection limit")
CHANNEL_LIMIT = (3505, "channel limit")
