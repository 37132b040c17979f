"""`python -m pixels`: the same as the `pixels` command."""

from .cli import main

if __name__ == "__main__":
    main()
