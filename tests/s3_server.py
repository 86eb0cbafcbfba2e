"""A real S3 server on the loopback, a process of its own: moto's."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import boto3

from waiting import until

BUCKET = "archive"


@dataclass
class S3Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def root(self) -> str:
        return f"s3://{BUCKET}/news"

    def environment(self) -> dict[str, str]:
        """What a process is told of it: as an operator would, by AWS's own variables."""
        return {
            "NEWSDESK_ARCHIVE": self.root, "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "a-key",
            "AWS_SECRET_ACCESS_KEY": "a-secret", "AWS_DEFAULT_REGION": "us-east-1",
        }  # fmt: skip

    def options(self) -> dict[str, object]:
        return {
            "key": "a-key", "secret": "a-secret", "endpoint_url": self.url, "client_kwargs": {"region_name": "us-east-1"},
        }  # fmt: skip

    def settings(self) -> dict[str, str]:
        return {"NEWSDESK_ARCHIVE": self.root, "NEWSDESK_ARCHIVE_OPTIONS": json.dumps(self.options())}

    def make_bucket(self) -> None:
        client = boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id="a-key", aws_secret_access_key="a-secret",
            region_name="us-east-1",
        )  # fmt: skip
        client.create_bucket(Bucket=BUCKET)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def s3_server() -> Iterator[S3Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    server = S3Server(port, process)
    try:
        _wait(server)
        server.make_bucket()
        yield server
    finally:
        server.stop()


def _wait(server: S3Server) -> None:
    def is_up() -> bool:
        assert server.process.poll() is None, "moto's server did not start"
        with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=1):
            return True
        return False

    until(is_up, 60, "moto's server")
