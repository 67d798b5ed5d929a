"""What holds for every test."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import HealthCheck, settings

import hotspring

PACKAGE = Path(hotspring.__file__).parent

# A busy machine may stall anything for seconds: no property is judged by how long it took.
UNHURRIED = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# Each run tries the same examples: what changed is what fails. `--hypothesis-profile search` tries
# others each time, and more of them, as `make test-long` does.
settings.register_profile("steady", UNHURRIED, derandomize=True)
settings.register_profile("search", UNHURRIED)
settings.load_profile("steady")


def pytest_configure() -> None:
    """Forget compiled passes whose sources changed.

    What numba keeps on disk goes stale only with the file of the function itself, not with the
    files of the functions it calls.
    """
    digest = hashlib.sha256()
    for source in sorted(PACKAGE.rglob("*.py")):
        text = source.read_bytes()
        if b"njit" in text or b"intrinsic" in text:
            digest.update(text)
    known = PACKAGE / "__pycache__" / "compiled.sha256"
    known.parent.mkdir(exist_ok=True)
    if not known.exists() or known.read_text() != digest.hexdigest():
        for index in PACKAGE.rglob("*.nbi"):
            index.unlink(missing_ok=True)
        known.write_text(digest.hexdigest())
