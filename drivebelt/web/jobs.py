"""Work that takes longer than a page: command lines in processes of their own, one after the other, with progress.

The page asks for a job by its key; whoever asks for the same key later gets the same job. Nobody waits: a view shows how far it is
and asks to be called again.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

LONGEST = 400
"""Characters of a line of progress or of an error."""


class Limits(NamedTuple):
    """What a job may take: address space and largest file in MiB, seconds of processor and of wall time."""

    memory: int = 16_384
    seconds: int = 3_600
    file: int = 16_384


@dataclass
class Job:
    """One job: steps of the command line, done one after the other until one fails."""

    key: str
    title: str
    steps: Sequence[Sequence[str]]
    limits: Limits
    out: Path | None
    """Directory that is removed where the job fails."""
    then: Callable[[], object] | None = None
    """What is to be done once it is done."""
    state: str = "waiting"
    """waiting, running, done or failed."""
    said: str = ""
    """Its last line of progress, or why it failed."""
    printed: list[str] = field(default_factory=list)
    """What its steps printed as results."""
    began: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "failed")

    def as_dict(self) -> dict[str, object]:
        """For the template and the JSON twin."""
        return {"key": self.key, "title": self.title, "state": self.state, "said": self.said}


class Jobs:
    """All jobs of the server; at most `most` run at the same time, the others wait for their turn."""

    def __init__(self, most: int = 1) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._turn = threading.Semaphore(most)
        self._running: set[subprocess.Popen[str]] = set()
        atexit.register(self.stop)

    def get(self, key: str) -> Job | None:
        """A job by its key."""
        return self._jobs.get(key)

    def start(
        self, key: str, title: str, steps: Sequence[Sequence[str]], *, limits: Limits | None = None, out: Path | None = None,
        anew: bool = False, then: Callable[[], object] | None = None,
    ) -> Job:  # fmt: skip
        """The job of this key; begun where there is none yet, and where it is over and `anew` asks for another try.

        `steps` are command lines of drivebelt without its name; they come from views, never from a request as they stand. `then` is
        called when all of them are done.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not (anew and job.over):
                return job
            job = self._jobs[key] = Job(key, title, steps, limits or Limits(), out, then)
        threading.Thread(target=self._carry_out, args=(job,), daemon=True).start()
        return job

    def stop(self) -> None:
        """Ends what still runs."""
        for process in list(self._running):
            process.kill()

    def _carry_out(self, job: Job) -> None:
        with self._turn:
            job.state = "running"
            for step in job.steps:
                if not self._step(job, step):
                    if job.out is not None:
                        shutil.rmtree(job.out, ignore_errors=True)
                    job.state = "failed"
                    return
            if job.then is not None:
                job.then()
            job.state = "done"

    def _step(self, job: Job, step: Sequence[str]) -> bool:
        limits = [str(x) for x in job.limits]
        process = subprocess.Popen(
            [sys.executable, "-m", "drivebelt.web.worker", *limits, "--", *step], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace",
        )  # fmt: skip
        self._running.add(process)
        clock = threading.Timer(job.limits.seconds, process.kill)
        clock.daemon = True
        clock.start()
        reader = threading.Thread(target=lambda: job.printed.append(process.stdout.read() if process.stdout else ""), daemon=True)
        reader.start()
        last = ""
        for line in process.stderr or ():
            last = line.strip()[:LONGEST] or last
            job.said = last
        code = process.wait()
        reader.join()
        in_time = clock.is_alive()
        clock.cancel()
        self._running.discard(process)
        if code == 0:
            return True
        if last.startswith("drivebelt: "):
            job.said = last.removeprefix("drivebelt: ")
        elif not in_time or code < 0:
            job.said = f"it took more than {job.limits.seconds} seconds or {job.limits.memory} MiB and was ended"
        return False
