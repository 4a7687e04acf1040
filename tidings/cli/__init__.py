"""The command line: one module a command, named by it, and what the commands share."""
