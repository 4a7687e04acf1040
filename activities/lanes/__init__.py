"""The lanes in which a worker makes its attempts, so that a slow target holds no other up."""
