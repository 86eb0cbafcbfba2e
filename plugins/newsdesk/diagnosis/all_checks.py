"""All checks of `newsdesk doctor`, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsdesk.diagnosis import airflow, database, environment, machine, source_files, stores
from newsdesk.diagnosis.checking import Finding, Group, make
from newsdesk.local.sharing import spared
from newsdesk.settings import Settings


def diagnose(env: Mapping[str, str], *, with_airflow: bool = True) -> list[Finding]:
    """Every check's finding. A setting that cannot be read is a finding, and its default is looked at instead."""
    settings = environment.readable(env)
    with spared(settings.home):  # it would be stopped between two checks, by another command that ends
        return make(groups(settings, env, with_airflow=with_airflow))


def groups(settings: Settings, env: Mapping[str, str], *, with_airflow: bool) -> Sequence[Group]:
    home = settings.home
    found = [
        Group(("python",), lambda: [environment.python()]),
        Group(("settings known",), lambda: [environment.unknown_settings(env)]),
        Group(("settings' values",), lambda: [environment.values(env)]),
        Group(("user agent",), lambda: [environment.user_agent(settings)]),
        Group(("home",), lambda: [machine.home(home)]),
        Group(("modes",), lambda: [machine.modes(home)]),
        Group(("disk",), lambda: [machine.disk("disk", home, "NEWSDESK_HOME")]),
        Group(("ports",), lambda: machine.ports(env, _runs(settings))),
        Group(("network",), lambda: [machine.routes()]),
        Group(("proxies",), lambda: [environment.proxies(env)]),
        Group(("name service",), lambda: [machine.names(source_files.loaded(settings.sources))]),
        Group(
            ("source files", "source ids", "sources enabled", "private addresses", "source headers"),
            lambda: source_files.check(settings.sources, env),
        ),
        Group(("archive",), lambda: stores.archive(settings)),
        Group(("models", "models' version"), lambda: stores.models(settings.models)),
        Group(database.CHECKS, lambda: database.check(settings), 15.0),
    ]
    if with_airflow and airflow.is_wanted(settings, env):
        found.append(Group(airflow.CHECKS, lambda: airflow.check(settings, env), airflow.SECONDS))
    elif with_airflow:
        found.append(Group(airflow.CHECKS[:1], lambda: airflow.check(settings, env)))
    return found


def _runs(settings: Settings) -> bool:
    """The local mode's Airflow is up: what holds the ports is ours."""
    from newsdesk.local import processes, supervisor

    return bool(processes.living(processes.read_record(supervisor.record_file(settings.home))))
