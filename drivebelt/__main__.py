"""`python -m drivebelt`, for `drivebelt` where scripts are not on the path."""

from drivebelt.cli import entry

if __name__ == "__main__":
    entry()
