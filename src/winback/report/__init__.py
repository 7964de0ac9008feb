"""From a report to changes: read, clean, check, compare, keep the history. Never Django."""
