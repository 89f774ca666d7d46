"""Keys are replaced in an order that leaves nobody without one."""

from base64 import b64encode
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from elastic_transport import BaseNode, HttpHeaders
from elastic_transport._models import ApiResponseMeta
from elastic_transport._node._base import NodeApiResponse
from elasticsearch import AuthenticationException

from workers.settings import Settings, SettingsError, secret
from workers.store.connection import client_with_key_file
from workers.store.keys import READER_KEY, WRITER_KEY, replace, rights, rotate


def encoded(key_id: str) -> str:
    return b64encode(f"{key_id}:secret".encode()).decode()


class Server:
    """Elasticsearch's keys: those that are valid now, and the file's content at each invalidation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.valid: set[str] = set()
        self.made = 0
        self.client = MagicMock()
        self.client.security.create_api_key.side_effect = self._create
        self.client.options.return_value.security.invalidate_api_key.side_effect = self._invalidate

    def _create(self, **_: object) -> dict[str, str]:
        self.made += 1
        self.valid.add(f"id{self.made}")
        return {"encoded": encoded(f"id{self.made}")}

    def _invalidate(self, *, ids: list[str]) -> None:
        saved = {file.read_text() for file in self.folder.rglob("*_key")}
        assert not saved & {encoded(one) for one in ids}, "a key that is still in its file was invalidated"
        self.valid -= set(ids)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    for key in rights():
        (tmp_path / key).parent.mkdir()
    return Server(tmp_path)


def test_rotation_leaves_the_new_keys_valid_and_the_old_ones_not(server: Server) -> None:
    first = rotate(server.client, server.folder)
    assert first == [server.folder / key for key in rights()]
    before = set(server.valid)
    rotate(server.client, server.folder)
    assert len(server.valid) == len(before) == len(rights())
    assert not server.valid & before
    assert {secret(path) for path in first} == {encoded(one) for one in server.valid}


@pytest.mark.parametrize("content", ["", "made by `warraq setup`", "bm8gY29sb24"], ids=["empty", "text", "cut short"])
def test_a_file_without_a_key_is_filled(server: Server, content: str) -> None:
    (server.folder / WRITER_KEY).write_text(content)
    replace(server.client, server.folder / WRITER_KEY, rights()[WRITER_KEY])
    assert secret(server.folder / WRITER_KEY) == encoded("id1")
    assert server.valid == {"id1"}


class Node(BaseNode):
    """Takes one key; counts what it is asked."""

    valid = ""
    asked = 0

    def perform_request(
        self, method: str, target: str, body: bytes | None = None, headers: Any = None, request_timeout: Any = None
    ) -> NodeApiResponse:
        assert (method, target, body) == ("GET", "/_security/_authenticate", None), request_timeout
        type(self).asked += 1
        status = 200 if headers["authorization"] == f"ApiKey {self.valid}" else 401
        answered = HttpHeaders({"content-type": "application/json", "x-elastic-product": "Elasticsearch"})
        return NodeApiResponse(ApiResponseMeta(status, "1.1", answered, 0.0, self.config), b"{}")

    def close(self) -> None:
        pass


@pytest.fixture
def node() -> type[Node]:
    return type("Node", (Node,), {})


def test_a_worker_goes_on_with_the_key_that_replaced_its_own(tmp_path: Path, node: type[Node]) -> None:
    (tmp_path / "key").write_text("old")
    node.valid = "old"
    with client_with_key_file(Settings(), tmp_path / "key", node_class=node) as elastic:
        elastic.security.authenticate()
        (tmp_path / "key").write_text("new")
        elastic.security.authenticate()  # the old one is good until it is refused
        node.valid = "new"
        for _ in range(2):
            elastic.options(request_timeout=1).security.authenticate()
    assert node.asked == 5


def test_a_key_that_is_refused_and_was_not_replaced_is_an_error_at_once(tmp_path: Path, node: type[Node]) -> None:
    (tmp_path / "key").write_text("old")
    with (
        client_with_key_file(Settings(), tmp_path / "key", node_class=node) as elastic,
        pytest.raises(AuthenticationException),
    ):
        elastic.security.authenticate()
    assert node.asked == 1


def test_a_file_that_is_away_for_a_moment_is_no_articles_fault(tmp_path: Path, node: type[Node]) -> None:
    (tmp_path / "key").write_text("old")
    with client_with_key_file(Settings(), tmp_path / "key", node_class=node) as elastic:
        (tmp_path / "key").unlink()
        with pytest.raises(AuthenticationException):
            elastic.security.authenticate()
        (tmp_path / "key").write_text("new")
        node.valid = "new"
        elastic.security.authenticate()


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=READER_KEY.name):
        client_with_key_file(Settings(), tmp_path / READER_KEY)
