"""A study's course pack: what a lecturer hands out, shows, and puts into a learning platform."""
