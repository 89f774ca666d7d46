"""The searches of docs/search.md, as they stand there: each is given to a shell and answered without a complaint."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.local.places import CHECKOUT
from deploy.local.stack import Stack

(BLOCK,) = re.findall(
    r"^```sh\n(.*?)^```", (CHECKOUT / "docs" / "search.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
HEAD, *RECIPES = BLOCK.strip().split("\n\n")

pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(not (os.environ.get("CI") or shutil.which("curl")), reason="curl is not installed"),
]


def test_every_paragraph_is_a_recipe() -> None:
    assert len(RECIPES) >= 9
    assert all(recipe.startswith("# ") and recipe.count("curl ") == 1 for recipe in RECIPES)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe[2:].partition("\n")[0])
def test_a_recipe_is_answered(recipe: str, stack: Stack) -> None:
    key = Path(stack.env["WARRAQ_SECRETS_DIR"], "people", "reader_key").read_text("utf-8").strip()
    mine = HEAD.replace("KEY=…", f"KEY={key}").replace("http://127.0.0.1:9200", stack.env["WARRAQ_ELASTICSEARCH_URL"])
    assert key in mine
    silent = 'curl() { command curl --silent --show-error --fail-with-body --max-time 60 "$@"; }'
    done = subprocess.run(
        ["bash", "-c", f"{mine}\n{silent}\n{recipe}"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{done.stderr}\n{done.stdout}"
    answer = json.loads(done.stdout)
    assert answer["_shards"]["failed"] == 0
    assert not answer["timed_out"]
