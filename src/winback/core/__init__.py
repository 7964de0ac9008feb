"""The rules of the domain, pure: they import the standard library alone, and `now` is always an argument."""
