"""Airflow's connections in the environment, as commands read them."""

from __future__ import annotations

import json

import pytest

from newsdesk.connections import news_dsn, read_connection, request_headers
from newsdesk.errors import ConfigError
from newsdesk.local.airflow_home import connection_json
from newsdesk.settings import read_settings

DSN = "postgresql://desk:s%20t%40@db.example:5433/news?sslmode=require"


@pytest.mark.parametrize("written", [DSN, connection_json(DSN), DSN.replace("postgresql:", "postgres:")])
def test_the_news_database_is_that_of_the_connection_as_uri_and_as_json(written: str) -> None:
    env = {"AIRFLOW_CONN_NEWS_DB": written, "NEWSDESK_DSN": "postgresql:///other"}
    assert news_dsn(env) == read_settings(env).dsn == DSN


@pytest.mark.parametrize("port", [5432, 5433])
def test_a_sockets_folder_stands_as_the_host(port: int) -> None:
    dsn = f"postgresql://desk@/news?host=%2Frun%2Fpostgres&port={port}"
    assert news_dsn({"AIRFLOW_CONN_NEWS_DB": connection_json(dsn)}) == dsn
    assert news_dsn({"AIRFLOW_CONN_NEWS_DB": dsn}) == dsn


def test_a_host_and_a_port_may_stand_in_the_query() -> None:
    env = {"AIRFLOW_CONN_NEWS_DB": "postgresql://desk@/news?host=db.example&port=5433"}
    assert news_dsn(env) == "postgresql://desk@db.example:5433/news"


@pytest.mark.parametrize("unset", [{}, {"AIRFLOW_CONN_NEWS_DB": " "}])
def test_without_the_connection_it_is_the_setting_and_else_the_embedded_one(unset: dict[str, str]) -> None:
    assert news_dsn({**unset, "NEWSDESK_DSN": DSN}) == DSN
    assert news_dsn({**unset, "NEWSDESK_DSN": ""}) is None


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ConfigError, match="news_db is of type 'mysql': it must be Postgres"):
        news_dsn({"AIRFLOW_CONN_NEWS_DB": "mysql://h/news"})


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"conn_type": "http", "extra": {"X-Subscriber": "yes", "Count": 1}}),
        json.dumps({"conn_type": "http", "extra": json.dumps({"X-Subscriber": "yes", "Count": 1})}),
        "http://?X-Subscriber=yes&Count=1",
        "http://www.example.com/?__extra__=%7B%22X-Subscriber%22%3A+%22yes%22%2C+%22Count%22%3A+1%7D",
    ],
)
def test_headers_are_what_stands_in_the_extra(written: str) -> None:
    assert request_headers("paper", {"AIRFLOW_CONN_PAPER": written}) == {"X-Subscriber": "yes", "Count": "1"}


def test_what_stands_as_extra_is_all_of_it() -> None:
    assert request_headers("paper", {"AIRFLOW_CONN_PAPER": "http://?a=b&__extra__=%7B%22c%22%3A+%22d%22%7D"}) == {
        "c": "d"
    }
    assert request_headers("paper", {"AIRFLOW_CONN_PAPER": "http://?__extra__="}) == {}


def test_a_password_of_digits_is_a_password() -> None:
    env = {
        "AIRFLOW_CONN_NEWS_DB": '{"conn_type": "postgres", "login": "desk", "password": 17, "host": "h", "schema": 3}'
    }
    assert news_dsn(env) == "postgresql://desk:17@h/3"


def test_headers_of_a_connection_that_is_not_there_say_what_to_define() -> None:
    with pytest.raises(ConfigError, match="'paper' for its headers: define AIRFLOW_CONN_PAPER"):
        request_headers("paper", {})


@pytest.mark.parametrize(
    "written",
    [
        "s3cret", "Cookie: a=s3cret", "{s3cret", '{"extra": "s3cret"}', '{"extra": [["s3cret"]]}', '{"extra": ["s3"]}',
        '{"port": "s3cret"}', "http://h:s3cret/", "http://?__extra__=s3cret", "http://?__extra__=[1]",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_without_its_value(written: str) -> None:
    with pytest.raises(ConfigError, match="AIRFLOW_CONN_PAPER is neither") as caught:
        read_connection("paper", {"AIRFLOW_CONN_PAPER": written})
    assert "s3cret" not in str(caught.value)
