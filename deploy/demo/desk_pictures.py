"""Pictures of the desk, taken as its readers see it: signed in, in Arabic, on a desk and on a phone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local.stack import Stack

WIDE: Final = (1400, 900)
PHONE: Final = (390, 844)
PICTURES: Final = {
    "search": ("/?q=القرية&each=1", WIDE),
    "search-phone": ("/?q=القرية&each=1", PHONE),
    "article": ("/?q=سعر القطن", WIDE),
    "article-phone": ("/?q=سعر القطن", PHONE),
    "story": ("/?q=الرصيف السادس", WIDE),
    "story-phone": ("/?q=الرصيف السادس", PHONE),
    "today": ("/today?day=2026-11-22", WIDE),
    "today-phone": ("/today?day=2026-11-22", PHONE),
}
"""What is opened, and how large; of an article or a story, the search whose first hit it is."""
OF_THE_FIRST_HIT: Final = ("article", "story")


def photograph(browser: str, started: Stack, folder: Path) -> None:
    """Write a picture of each page."""
    with _opened(browser) as chromium:
        for name, (path, (width, height)) in PICTURES.items():
            page = chromium.new_page(
                base_url=f"http://127.0.0.1:{started.desk_port}",
                locale="ar",
                viewport={"width": width, "height": height},
            )
            _sign_in(page, started)
            page.goto(path)
            if name.startswith(OF_THE_FIRST_HIT):
                page.locator(".hits h2 a").first.click()
                page.wait_for_url("**/article/*")
            image = folder / f"desk-{name}.png"
            page.screenshot(path=image)
            page.close()
            print(f"{image}: {image.stat().st_size // 1024} KB", file=sys.stdout)


def _sign_in(page: Page, started: Stack) -> None:
    password = (started.home / "secrets/people/desk_reader_password").read_text(encoding="utf-8").strip()
    page.goto("/login")
    page.fill("#password", password)
    page.click("main button")


@contextmanager
def _opened(browser: str) -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])  # it refuses to run as root
        yield opened
        opened.close()
