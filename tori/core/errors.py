"""What may go wrong on purpose. One handler at the edge turns these into a form message, a page or a problem+json."""


class ToriError(Exception):
    """Anything the service itself raises."""


class RuleBroken(ToriError):
    """A rule of the service says no. ``code`` names the rule, ``field`` the form field it belongs to.

    The sentence for people is found by the code (``tori/edge/messages.py``); ``values`` fill its placeholders.
    """

    def __init__(self, code: str, field: str | None = None, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.values = values


class NotAllowed(ToriError):
    """The actor may not do this. ``reason`` is a rule code."""

    def __init__(self, permission: str, reason: str) -> None:
        super().__init__(f"{permission}: {reason}")
        self.permission = permission
        self.reason = reason


class NotFound(ToriError):
    """No such thing, or none that the actor may know of."""


class Conflict(ToriError):
    """Somebody else changed the thing after the actor had opened it."""

    def __init__(self, current_version: int) -> None:
        super().__init__(f"the current version is {current_version}")
        self.current_version = current_version


class TooMany(ToriError):
    """A limit was reached. ``retry_after`` is in seconds."""

    def __init__(self, limit: str, retry_after: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.retry_after = retry_after


class ReadOnly(ToriError):
    """Nothing can be written just now: the service is for reading only. Told of the state before anything is tried."""


class StorageAway(ToriError):
    """The place of pictures and files is not there, such as a folder of another machine that is not mounted."""


class PrinterMissing(ToriError):
    """The libraries of the system that make PDF files are not there."""


class PrinterBusy(ToriError):
    """Others have their sheets made just now."""


class ConfigurationError(ToriError):
    """The service can't start; the text is one plain sentence that says what to do."""
