"""Static files, read and packed once; their addresses carry their hash, so that browsers keep them for good."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER: Final = Path(__file__).with_name("static")
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
FOR_GOOD: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    body: bytes
    packed: bytes
    """The same gzip'd; b'' where that gains nothing."""
    kind: str
    digest: str


@cache
def assets() -> Mapping[str, Asset]:
    """Return the files by name; a stylesheet names its fonts by their addresses with hashes."""
    files = {str(path.relative_to(FOLDER)): path for path in sorted(FOLDER.rglob("*")) if path.suffix in TYPES}
    found = {name: _asset(path.suffix, path.read_bytes()) for name, path in files.items() if path.suffix != ".css"}
    for name, path in files.items():
        if path.suffix == ".css":
            text = path.read_text(encoding="utf-8")
            for font, asset in found.items():
                text = text.replace(f'url("{font}")', f'url("{_address(font, asset)}")')
            found[name] = _asset(path.suffix, text.encode())
    return found


def address(name: str) -> str:
    """Return the address of a file; another one when its content is another one."""
    return _address(name, assets()[name])


async def static(request: Request) -> Response:
    """Answer with a file."""
    asset = assets().get(request.path_params["name"])
    if asset is None or request.path_params["digest"] != asset.digest:
        raise HTTPException(404)
    packed = bool(asset.packed) and "gzip" in request.headers.get("accept-encoding", "")
    headers = {"cache-control": FOR_GOOD, "vary": "accept-encoding"} | ({"content-encoding": "gzip"} if packed else {})
    return Response(asset.packed if packed else asset.body, media_type=asset.kind, headers=headers)


def _address(name: str, asset: Asset) -> str:
    return f"/static/{asset.digest}/{name}"


def _asset(suffix: str, body: bytes) -> Asset:
    packed = gzip.compress(body, 9, mtime=0) if suffix != ".woff2" else b""
    return Asset(body, packed, TYPES[suffix], sha256(body).hexdigest()[:12])


ROUTES: Final = [Route("/static/{digest}/{name:path}", static)]
