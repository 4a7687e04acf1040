"""The errors of Tidings: one tree below ``TidingsError``.

Each message says what was wrong, with which value, and what to do about it.
"""


class TidingsError(Exception):
    """The base of every error that Tidings raises."""


class InvalidInputError(TidingsError):
    """A value breaks a rule: of a notification, an intervention, a filter or a setting.

    The message names each field, its value and the rule that it breaks. Nothing has been sent.
    """


class NotificationConflictError(TidingsError):
    """The id belongs to a notification with other content. Nothing has been sent."""


class NotificationNotFoundError(TidingsError):
    """No notification has this id, or its retention has run out."""


class NotificationRejectedError(TidingsError):
    """The id was started with input that is not a notification; it was never accepted."""


class InterventionRefusedError(TidingsError):
    """An intervention does not make sense now, or its correction breaks a rule."""


class BatchNotFoundError(TidingsError):
    """No batch has this id, or its retention has run out."""


class TemporalUnavailableError(TidingsError):
    """Temporal could not be reached. Nothing is known to have changed."""


class TemporalRequestError(TidingsError):
    """Temporal was reached and refused the request, or its answer cannot be read."""


class WorkerUnavailableError(TidingsError):
    """Temporal was reached, but no worker answered. The request may still take effect."""


class EmbeddedServerError(TidingsError):
    """The embedded Temporal server could not be started, or ended by itself."""
