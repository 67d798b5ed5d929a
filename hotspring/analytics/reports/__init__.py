"""The analyses: each file defines one, and nothing else registers it."""
