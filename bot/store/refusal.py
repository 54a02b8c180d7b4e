"""Why a database file cannot be used."""


class DatabaseRefusedError(Exception):
    """The file cannot be used; the message says why and what to do."""
