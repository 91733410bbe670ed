"""The desk on which every mechanism works: act log, registers, live papers and calendars, as flat arrays.

`Desk` is one named tuple of arrays that compiled steps take as a whole. The functions of this folder are the
only ones that write an act, number a document, start or end the life of a copy, or put a paper in a calendar.

A *slot* of the pool is one copy of one document while something is still to happen to it: on the way, to be
considered, to be reported on, to be returned, to be burned. `holds` counts those reasons; when it falls to zero the
copy's row goes to the log and the slot is free.

A day of the country touches hundreds of thousands of papers lying anywhere in memory, so that what costs is waiting for
them. A calendar is therefore kept in small blocks of slot numbers: the day's list is known before its papers are needed,
and `turn` sends for those of the next papers while the present one is worked on.
"""

from drivebelt.desk.ahead import send_for as send_for
from drivebelt.desk.calendars import *  # noqa: F403
from drivebelt.desk.layout import *  # noqa: F403
from drivebelt.desk.writing import *  # noqa: F403
