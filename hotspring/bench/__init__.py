"""How fast is this machine? Load on a real server, beside what the machine can do at best."""

from hotspring.bench.dedupe import dedupe
from hotspring.bench.heatmap import heatmap
from hotspring.bench.ingest import ingest
from hotspring.bench.profile import profile
from hotspring.bench.soak import soak
from hotspring.bench.stand import Stand
from hotspring.bench.start import start

__all__ = ["Stand", "dedupe", "heatmap", "ingest", "profile", "soak", "start"]
