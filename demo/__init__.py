"""What `make demo` tells: a few notifications, a receiver of its own, and what comes of each."""
