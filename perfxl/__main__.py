"""``python -m perfxl`` does what the command ``perfxl`` does."""

from perfxl.cli import main

if __name__ == "__main__":
    main()
