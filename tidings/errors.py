"""What can go wrong, as one tree: every error that Tidings raises is a ``TidingsError``.

Each message says what was wrong, with which value, and what to do about it.
"""


class TidingsError(Exception):
    """The base of every error that Tidings raises."""


class InvalidInputError(TidingsError):
    """A notification, schedule, rule or intervention breaks a rule of its model.

    So may a filter, or a setting of the connection. The message names each field, the value it
    was given and the rule it breaks. Nothing has been sent.
    """


class NotificationConflictError(TidingsError):
    """The id belongs to a notification with other content; nothing has been sent."""


class NotificationNotFoundError(TidingsError):
    """No notification has this id, or its retention has run out."""


class NotificationRejectedError(TidingsError):
    """The id was started with input that is no notification; it was never accepted."""


class InterventionRefusedError(TidingsError):
    """A resend or abandon makes no sense now, or its correction breaks a rule."""


class BatchNotFoundError(TidingsError):
    """No batch has this id, or its retention has run out."""


class BatchLimitError(TidingsError):
    """Temporal runs as many batch operations at once as it may; nothing has been started."""


class TemporalUnavailableError(TidingsError):
    """Temporal could not be reached; nothing is known to have changed."""


class TemporalRequestError(TidingsError):
    """Temporal was reached and refused the request."""


class WorkerUnavailableError(TidingsError):
    """Temporal was reached, but no worker answered: whether it takes effect is not known."""


class EmbeddedServerError(TidingsError):
    """The embedded Temporal server could not be started, or ended by itself."""
