"""What is secret stands in no error, however it was written in its setting."""

from __future__ import annotations

import pytest

from newsdesk.errors import NewsdeskError
from newsdesk.store.database import connect
from newsdesk.store.dsn import place_of

NOWHERE = "127.0.0.1:1"


@pytest.mark.parametrize(
    "dsn",
    [
        f"postgresql://desk:hunter2@{NOWHERE}/news",
        f"postgresql://:hunter2@{NOWHERE}/news",
        f"postgresql://desk:x@hunter2@{NOWHERE}/news",
        f"postgresql://desk:x hunter2@{NOWHERE}/news",
        f"postgresql://desk:hunter2/x@{NOWHERE}/news",
        f"postgresql://desk:hunter2%zz@{NOWHERE}/news",
        f"postgresql://desk:x'hunter2\"@{NOWHERE}/news",
        f"postgresql://desk:hunter2:x@{NOWHERE}/news?sslmode=x",
        f"postgresql://desk@{NOWHERE}/news?password=hunter2&sslmode=disable",
        f"postgresql://desk@{NOWHERE}/news?sslpassword=hunter2",
        "host=127.0.0.1 port=1 password = hunter2",
        "host=127.0.0.1 port=1 password='x\\'hunter2'",
        "password=hunter2 host=127.0.0.1 port=x",
        "hunter2 host=127.0.0.1",
        'x"y"hunter2',
        "hunter2",
        "mysql://desk:hunter2@127.0.0.1/news",
        "postgresql://desk:hunter2\udcff@127.0.0.1:1/news",
    ],
    ids=range(18),
)
def test_no_error_of_the_database_shows_its_password(dsn: str) -> None:
    with pytest.raises(NewsdeskError) as fault:
        connect(dsn)
    assert "hunter2" not in f"{fault.value} {place_of(dsn)}"
    assert fault.value.__suppress_context__ or fault.value.__context__ is None, "the first error's text is shown too"


@pytest.mark.parametrize(
    ("dsn", "place"),
    [
        ("postgresql://desk:hunter2@db.example:5432/news?sslmode=require", "postgresql://desk@db.example:5432/news"),
        ("host=/run/pg user=desk dbname=news", "postgresql://desk@/news?host=/run/pg"),
        ("postgresql:///news", "postgresql:///news"),
        ("postgresql://a,b:5432/news", "postgresql://a,b:,5432/news"),
        ("nonsense", "(not a PostgreSQL DSN)"),
    ],
)
def test_an_address_is_shown_by_where_it_leads(dsn: str, place: str) -> None:
    assert place_of(dsn) == place
