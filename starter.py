"""The command line in a checkout; an installation has it as the command ``tidings``."""

from tidings.cli.main import main

if __name__ == "__main__":
    main()
