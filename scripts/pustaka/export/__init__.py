"""What machines take from the site: one function, one format."""
