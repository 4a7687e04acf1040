"""The command line in a checkout; an installed Tidings has it as the command ``tidings``."""

from tidings.cli.main import main

if __name__ == "__main__":
    main()
