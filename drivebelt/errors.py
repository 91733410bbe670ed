"""The errors a user can cause; `cli` turns each into one line on stderr and an exit code."""


class DrivebeltError(Exception):
    """Base of every error with a message meant for the user."""

    exit_code = 2


class BadInput(DrivebeltError):
    """Input that cannot be used: the message names the file, the place in it and the mend."""


class BadRun(DrivebeltError):
    """A run or archive directory that is missing, damaged or not complete."""


class BrokenOff(DrivebeltError):
    """Work that the user broke off: the message says how to go on."""

    exit_code = 130


class UncoveredState(DrivebeltError):
    """A state of the model that no rule covers: day, mechanism and state stand in the message."""

    exit_code = 3
