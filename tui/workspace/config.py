"""function.yaml -> FunctionConfig or ConfigError, with what the deploy tool would say, and warnings of our own."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from tui.workspace.find import YAML_NAME
from tui.workspace.goyaml.libyaml import has_libyaml
from tui.workspace.goyaml.load import EXACT_LIMIT, is_unusual
from tui.workspace.model import ConfigReading
from tui.workspace.ordinary import read_ordinary
from tui.workspace.value_warnings import Given, config_warnings
from tui.workspace.verdict import filled, invalid, refused, too_large

__all__ = ["MAX_BYTES", "has_libyaml", "load_config", "read_config", "read_config_file"]

MAX_BYTES: Final = 16 * 1024 * 1024


def _too_long(size: int) -> ConfigReading:
    return too_large(f"{size:,} bytes, the limit is {MAX_BYTES:,}")


def _ordinary(source: bytes) -> ConfigReading | None:
    """The verdict on a document in which nothing needs the full decoder."""
    if len(source) > EXACT_LIMIT or not has_libyaml() or is_unusual(source):
        return None
    found = read_ordinary(source)
    if found is None:
        return None
    config = filled(found.values, found.retry, found.env)
    error = invalid(config, found.origins)
    secrets = _secrets(found.env) if found.env else frozenset()
    warned = config_warnings(Given(config, found.origins, secrets))
    return ConfigReading(None if error else config, error, warned, found.origins, secrets)


def _secrets(env: dict[str, str]) -> frozenset[str]:
    from tui.workspace.secrets import secret_keys

    return secret_keys(env)


def load_config(source: bytes) -> ConfigReading:
    """The verdict on the bytes of a function.yaml, as the deploy tool gives it. Never raises.

    Documents beyond `MAX_BYTES`, or with more values than a config can need, are refused at stage "read".
    """
    if len(source) > MAX_BYTES:
        return _too_long(len(source))
    ordinary = _ordinary(source)
    if ordinary is not None:
        return ordinary
    # Most workspaces never need this.
    from tui.workspace.full_reading import read_fully

    return read_fully(source)


def _unreadable(action: str, path: Path, reason: str) -> ConfigReading:
    return refused("read", f"failed to read function.yaml: {action} {path}: {reason}")


def _bytes_of(path: Path) -> tuple[bytes, int]:
    """The file's content up to the limit, and its size. Raises `OSError`, also for what is no regular file."""
    # A pipe in the file's place must not make us wait for a writer.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        source = file.read(MAX_BYTES + 1) if status.st_size <= MAX_BYTES else b""
    return source, max(status.st_size, len(source))


def read_config_file(path: Path) -> ConfigReading:
    """The verdict on one file. Never raises: a file that cannot be read is refused at stage "read"."""
    try:
        source, size = _bytes_of(path)
    except IsADirectoryError:
        return _unreadable("read", path, "is a directory")
    except OSError as error:
        return _unreadable("open", path, (error.strerror or str(error)).lower())
    except ValueError:  # a NUL in the path
        return _unreadable("open", path, "invalid argument")
    return load_config(source) if size <= MAX_BYTES else _too_long(size)


def read_config(directory: Path) -> ConfigReading:
    """The verdict on `directory`/function.yaml. Never raises: a file that cannot be read is refused at stage "read"."""
    return read_config_file(directory / YAML_NAME)
