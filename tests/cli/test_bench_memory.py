"""What the benches tell of a server's memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hotspring.bench.process import memory, processes, together


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells it")
def test_pages_that_processes_share_count_once(tmp_path: Path) -> None:
    np.zeros(64 << 20, np.uint8).tofile(tmp_path / "pages")
    code = (
        "import sys, numpy as np; a = np.memmap(sys.argv[1], np.uint8, 'r'); a.sum(); "
        "print(a.size, flush=True); sys.stdin.read()"
    )
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "pages")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    try:
        for reader in readers:
            assert reader.stdout is not None
            reader.stdout.readline()
        pids = [reader.pid for reader in readers]
        apart = sum(sum(memory(pid).values()) for pid in pids)
        assert together(pids) <= apart - 60
        assert set(pids) <= set(processes(os.getpid()))
    finally:
        for reader in readers:
            reader.communicate()
