"""What expressions find around them. Loaded into the interpreter once, before the snapshot is taken."""
