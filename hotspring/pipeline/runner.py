"""The thread that keeps a pool alive: it applies what came, announces, and keeps house."""

from __future__ import annotations

import gc
import threading
import time
from typing import Final

import structlog

from hotspring.errors import JournalUnavailable
from hotspring.pipeline.keep import Keeper
from hotspring.pipeline.trunk import Pipeline

log = structlog.get_logger("hotspring.pipeline")

PAUSE: Final = 0.05
BREATH: Final = 0.02
"""Between two steps while not much comes: to apply a few events takes half as long as to apply a
thousand, and whoever asks something waits for the end of a step."""
ANNOUNCE_SECONDS: Final = 1.0
DETECT_SECONDS: Final = 5.0
WAIT_SECONDS: Final = 1.0
GARBAGE: Final = 200_000
"""Objects made before the collector looks for cycles."""


class Runner:
    """Runs a pipeline until it is stopped or something breaks."""

    def __init__(self, pipeline: Pipeline, keeper: Keeper, sweep_seconds: float) -> None:
        self._pipeline = pipeline
        self._keeper = keeper
        self._sweep_seconds = sweep_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pipeline", daemon=True)
        self.failure: BaseException | None = None
        """What ended the pipeline before it was stopped."""

    def start(self) -> None:
        # A batch is hundreds of thousands of short-lived rows without cycles. With the usual
        # thresholds the collector would walk everything alive time and again while it is decoded:
        # more than half of the whole time of the pipeline.
        gc.freeze()
        gc.set_threshold(GARBAGE, 20, 100)
        self._thread.start()

    def stop(self) -> None:
        """Apply what the journal holds now, then end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        announced = swept = detected = time.monotonic()
        try:
            while True:
                stopping = self._stop.is_set()
                worked = self._step()
                now = time.monotonic()
                if not worked and stopping:
                    return
                if now - announced >= ANNOUNCE_SECONDS:
                    everyone = now - swept >= self._sweep_seconds
                    told = self._announce(everyone)
                    announced = now
                    swept = now if everyone and told else swept
                if now - detected >= DETECT_SECONDS:
                    detected = now
                    self._detect()
                self._keeper.tend()
                if not worked:
                    self._stop.wait(PAUSE)
                elif not self._pipeline.pressed:
                    self._stop.wait(BREATH)
        except BaseException as error:
            self.failure = error
            log.exception("the pipeline stopped; restart the server after mending the cause")

    def _detect(self) -> None:
        try:
            self._pipeline.detect(int(time.time() * 1000))
        except JournalUnavailable as error:
            log.warning("flagging waits for the journal", error=str(error))

    def _step(self) -> bool:
        try:
            return self._pipeline.step()
        except JournalUnavailable as error:
            # As long as it cannot be read nothing new is applied, and questions are answered.
            log.warning("applying waits for the journal", error=str(error))
            self._stop.wait(WAIT_SECONDS)
            return False

    def _announce(self, everyone: bool) -> bool:
        try:
            self._pipeline.announce(int(time.time() * 1000), everyone)
        except JournalUnavailable as error:
            # A full disk passes: what is not told now is told then.
            log.warning("announcing waits for the journal", error=str(error))
            return False
        return True
