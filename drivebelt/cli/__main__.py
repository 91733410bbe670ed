"""`python -m drivebelt.cli`."""

from drivebelt.cli import entry

if __name__ == "__main__":
    entry()
