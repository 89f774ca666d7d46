"""Room on Elasticsearch's disk: with too little it makes no index, later takes no write, and hardly says why."""

from typing import Final

from elasticsearch import Elasticsearch

NO_INDICES_B: Final = 2 * 2**30
NO_WRITES_B: Final = 500 * 2**20
"""The watermarks `low` and `flood_stage` in docker-compose.yml."""


def shortage(free_b: int) -> str | None:
    """Say what is wrong when so many bytes are free, and what to do."""
    if free_b >= NO_INDICES_B:
        return None
    what = "takes no articles" if free_b < NO_WRITES_B else "makes no new index, as each month needs one"
    return (
        f"Elasticsearch's disk has {free_b / 2**30:.1f} GB left and {what}: it needs {NO_INDICES_B >> 30} GB. "
        "Free some (`docker system df` tells what Docker keeps); it goes on by itself then"
    )


def free_bytes(client: Elasticsearch) -> int:
    """Return what is free on the fullest node's disk."""
    nodes = client.nodes.stats(metric="fs")["nodes"].values()
    return min(int(node["fs"]["total"]["available_in_bytes"]) for node in nodes)
