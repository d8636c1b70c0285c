"""What `packaging/build` and `packaging/selftest` are made of. Nothing but Python's standard library."""
