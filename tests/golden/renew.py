"""`make golden`: write anew what the tests in this folder compare with. A person reads the diff before the commit."""

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.golden.test_golden import CASES, found
from tests.golden.test_layouts import DIFFERENCES, differences

HERE: Final = Path(__file__).parent


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    for case in CASES:
        write(case / "article.json", found(case))
    write(DIFFERENCES, differences())
    subprocess.run(["git", "diff", "--stat", "--", HERE], check=True)
    print("read it: git diff tests/golden")  # noqa: T201  # a command for a person


if __name__ == "__main__":
    main()
