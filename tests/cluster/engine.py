"""Docker or podman, as far as the trial needs them: the project up and down, and one container killed, stopped, asked.

On a machine with neither, NEWSDESK_CONTAINER_TOOLS names a program that installs podman and stand-in images.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from command_line import is_setting

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Engine:
    program: str  # docker or podman
    compose: tuple[str, ...]  # the command that reads docker-compose.yml
    project: str
    files: tuple[Path, ...] = ()
    env_file: Path | None = None
    stand_ins: bool = False  # images that only resemble the official ones

    def up(self, *arguments: str) -> None:
        self._compose("up", "-d", *arguments)

    def build(self) -> None:
        self._compose("build", "airflow-init")

    def down(self) -> None:
        """All of the project, also what podman-compose forgets: the second worker, and the volumes that it holds."""
        ours = f"label=com.docker.compose.project={self.project}"
        if found := self.run("ps", "-aq", "--filter", ours).split():
            subprocess.run([self.program, "rm", "-f", "-v", *found], capture_output=True, check=False)
        self._compose("down", "-v", "-t", "5", check=False)
        if volumes := self.run("volume", "ls", "-q", "--filter", ours).split():
            self.run("volume", "rm", "-f", *volumes)

    def containers(self, service: str) -> list[str]:
        """Names of the service's containers, also of stopped ones."""
        return self.run(
            "ps", "-a", "--filter", f"label=com.docker.compose.project={self.project}",
            "--filter", f"label=com.docker.compose.service={service}", "--format", "{{.Names}}",
        ).split()  # fmt: skip

    def ask(self, service: str, *command: str) -> str:
        """What the command prints in the service's first container. CalledProcessError if it fails."""
        return self.run("exec", min(self.containers(service)), *command)

    def run(self, *arguments: str) -> str:
        return subprocess.run(
            [self.program, *arguments], check=True, capture_output=True, text=True, timeout=300
        ).stdout  # fmt: skip

    def image_size(self, image: str) -> int:
        """Bytes."""
        return int(self.run("image", "inspect", "--format", "{{.Size}}", image))

    def _compose(self, *arguments: str, check: bool = True) -> None:
        files = [word for file in self.files for word in ("-f", str(file))]
        # to compose, what stands in the environment comes before the file: an operator's archive would be the trial's
        env = {name: value for name, value in os.environ.items() if not is_setting(name)}
        done = subprocess.run(
            [*self.compose, *files, "--env-file", str(self.env_file), "-p", self.project, *arguments],
            check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=env,
            timeout=1800,
        )  # fmt: skip
        if check and done.returncode != 0:
            sys.exit(
                f"{' '.join(self.compose)} {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-4000:]}"
            )


def find_engine(project: str, files: Sequence[Path], env_file: Path) -> Engine:
    """Docker where it answers, else podman with podman-compose. SystemExit says what is missing."""
    if tools := os.environ.get("NEWSDESK_CONTAINER_TOOLS"):
        subprocess.run([tools], check=True, stdout=subprocess.DEVNULL)
    rest = project, tuple(files), env_file
    if shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0:
        return Engine("docker", ("docker", "compose"), *rest)
    if shutil.which("podman") and shutil.which("podman-compose"):
        build = ("--podman-build-args=--isolation=chroot --network=host",) if tools else ()
        return Engine("podman", ("podman-compose", *build), *rest, stand_ins=bool(tools))
    sys.exit("test-cluster needs docker with compose, or podman with podman-compose; or NEWSDESK_CONTAINER_TOOLS")
