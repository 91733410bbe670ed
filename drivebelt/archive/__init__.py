"""What survives of a run's paper: an archive under a regime of losses, for one reader, without any column of the truth."""

from drivebelt.archive.making import Asked, left, make
from drivebelt.archive.opened import Archive
from drivebelt.archive.regimes import rules

__all__ = ["Archive", "Asked", "left", "make", "rules"]
