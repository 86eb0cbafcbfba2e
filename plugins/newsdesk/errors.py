"""The exceptions of the house.

    NewsdeskError
    ├── Retryable              may work later: Airflow retries the task
    │   ├── DatabaseUnreachable    away, or lost in mid-work
    │   ├── DatabaseContended      it broke a deadlock at our cost, or others held a table for too long
    │   ├── DatabaseExhausted      its disk is full, or its memory
    │   ├── ArchiveUnavailable     disk full, object store away
    │   ├── ExportUnavailable      the same of the place that an export goes to
    │   ├── ToolCrashed            a helper process could not be started
    │   └── ChannelFailed          people could not be told through a channel; no secret in its text
    ├── Quarantine             will never work as it is: no retry
    │   ├── ConfigError            a setting is wrong; says which
    │   ├── SourceError            a source file is wrong; says file, line, remedy
    │   └── MigrationError         the database is not what this version expects
    └── CheckFailed            the batch ran, and what came out is not what was expected

A single bad page raises none of these: it becomes an `Outcome` with its reason.
"""

from __future__ import annotations


class NewsdeskError(Exception):
    """Any fault that newsdesk itself reports. Its text says what to do."""


class Retryable(NewsdeskError):
    pass


class DatabaseUnreachable(Retryable):
    pass


class DatabaseContended(Retryable):
    pass


class DatabaseExhausted(Retryable):
    pass


class ArchiveUnavailable(Retryable):
    pass


class ExportUnavailable(Retryable):
    pass


class ToolCrashed(Retryable):
    pass


class ChannelFailed(Retryable):
    pass


class Quarantine(NewsdeskError):
    pass


class ConfigError(Quarantine):
    pass


class SourceError(Quarantine):
    pass


class MigrationError(Quarantine):
    pass


class CheckFailed(NewsdeskError):
    pass
