"""Client protocols: each module defines one `Protocol`."""
