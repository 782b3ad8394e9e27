"""Typed readers for environment variables, which refuse odd values and say how to mend them."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}
SECRET_LENGTH = 50


def read_str(name: str, default: str) -> str:
    """The variable's text without surrounding blanks, or the default."""
    return os.environ.get(name, default).strip()


def read_bool(name: str, *, default: bool) -> bool:
    """True or false, in the usual spellings; raises ImproperlyConfigured for any other text."""
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in YES:
        return True
    if text in NO:
        return False
    raise ImproperlyConfigured(f"{name}={text!r} is neither true nor false. Set it to 1 or 0.")


def read_int(name: str, *, default: int, least: int, most: int) -> int:
    """A whole number within bounds, both included; raises ImproperlyConfigured otherwise."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name}={text!r} is not a whole number. Set it to a number from {least} to {most}."
        ) from None
    if not least <= number <= most:
        raise ImproperlyConfigured(
            f"{name}={number} is out of bounds. Set it to a number from {least} to {most}."
        )
    return number


def read_list(name: str, default: list[str]) -> list[str]:
    """Texts separated by commas, blanks around them dropped."""
    text = os.environ.get(name, "").strip()
    return [part.strip() for part in text.split(",") if part.strip()] if text else default


def read_secret(name: str, file: Path) -> str:
    """A secret from the environment, else from a file that is made on first use.

    The file lets a single machine run without any setting; where it cannot be written, the
    secret lives as long as the process does, which is enough for a command.
    """
    text = os.environ.get(name, "").strip()
    if text:
        if len(text) < SECRET_LENGTH:
            raise ImproperlyConfigured(
                f"{name} has {len(text)} characters. Set it to at least {SECRET_LENGTH} random "
                "ones, such as the output of: "
                'python -c "import secrets; print(secrets.token_urlsafe(60))"'
            )
        return text
    try:
        return file.read_text().strip()
    except OSError:
        fresh = secrets.token_urlsafe(60)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(fresh)
    except FileExistsError:
        return file.read_text().strip()
    except OSError:
        pass
    return fresh
