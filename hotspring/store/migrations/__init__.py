"""The schema of the operational records, step by step."""
