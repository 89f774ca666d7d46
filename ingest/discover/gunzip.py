"""gzip with a limit: decompression bombs stop here."""

import gzip
import io
import zlib
from typing import Final

from ingest.errors import Permanent

MAGIC: Final = b"\x1f\x8b"
CHUNK: Final = 1 << 16


def is_gzip(body: bytes) -> bool:
    """Return whether bytes begin as a gzip file does."""
    return body.startswith(MAGIC)


def gunzip(packed: bytes, limit: int) -> tuple[bytes, bool]:
    """Return the bytes of a gzip file, and whether it is complete; a truncated one yields what is there.

    Raises Permanent: `too_large` for more than `limit` bytes, `gzip` when nothing can be read.
    """
    plain, whole = bytearray(), True
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        try:
            while chunk := file.read1(CHUNK):  # not read(): it forgets what it had read before an error
                plain += chunk
                if len(plain) > limit:
                    raise Permanent("too_large", f"more than {limit} bytes when unpacked")
        except (EOFError, OSError, zlib.error) as error:
            whole = str(error).startswith("Not a gzipped")  # what follows the end; gzip itself ignores it too
            if not plain:
                raise Permanent("gzip", str(error)) from error
    return bytes(plain), whole
