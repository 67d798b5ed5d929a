"""How rows become events: one file per preset, found by its file."""
