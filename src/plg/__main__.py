"""`python -m plg` is the `plg` command."""

from plg.entrypoints.cli.main import main

if __name__ == "__main__":
    main()
