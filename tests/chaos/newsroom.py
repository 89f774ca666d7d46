"""A newsroom on loopback, made from a seed: many small Arabic articles on many hosts, and RSS feeds that list them."""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Final, Self

from ingest.urls import article_id, canonical

HOSTS: Final = 40
FEED_ITEMS: Final = 50
TENTH: Final = 10
PARAGRAPHS: Final = 5
PARAGRAPH_WORDS: Final = 60
WORDS: Final = """
أعلنت الوزارة اليوم خطة جديدة لدعم المزارعين في القرى البعيدة وقال المتحدث إن العمل يبدأ خلال أسابيع بعد موافقة المجلس
وشارك في الاجتماع خبراء من الجامعة ومديرو المدارس وعدد من التجار الذين طلبوا خفض الرسوم على البضائع عند الميناء الكبير
ورحب سكان الحي بالقرار بينما دعا آخرون إلى دراسة أثره على البيئة والمياه والطرق قبل تنفيذه كما أشار تقرير سابق صدر عن
مركز الأبحاث إلى حاجة المدينة لمستشفى حديث ومكتبة عامة وحديقة للأطفال وملعب يستقبل مباريات الدوري في الموسم القادم
""".split()  # noqa: SIM905  # a list of them is unreadable
NAMES: Final = """
قمر نخلة جسر سفينة كتاب مئذنة بستان صحراء خيمة قلعة منارة واحة نجمة بحر جبل سوق ميدان نافذة باب حجر زيتون رمان عنب ورد
ريح مطر فجر غروب شتاء ربيع
""".split()  # noqa: SIM905
NO_SPECIALS: Final[Mapping[str, "End"]] = MappingProxyType({})
FIRST: Final = datetime(2026, 1, 5, 6, tzinfo=UTC)


End = tuple[str, str]
"""State and reason."""
GOOD: Final[End] = ("indexed", "")


@dataclass(frozen=True, slots=True)
class Story:
    """One article: where it is, the sentence that only it has, and how it must end."""

    number: int
    url: str
    sentence: str
    end: End = GOOD

    @property
    def id(self) -> str:
        """The article's id."""
        return article_id(canonical(self.url))


class Newsroom:
    """Serves the articles from daemon threads while the context lasts, and counts the requests for each URL."""

    def __init__(self, articles: int, seed: int, specials: Mapping[str, End] = NO_SPECIALS) -> None:
        self.requests: Counter[str] = Counter()
        self._seed = seed
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port = int(self._server.server_address[1])
        names = {f"n{number}": GOOD for number in range(articles)} | dict(specials)
        self.stories = tuple(
            Story(number, self._url(number % HOSTS, name), _sentence(seed, number), end)
            for number, (name, end) in enumerate(sorted(names.items(), key=lambda named: named[1] == GOOD))
        )
        parts = [self.stories[at : at + FEED_ITEMS] for at in range(0, len(names), FEED_ITEMS)]
        self._feeds = {self._url(i % HOSTS, f"feed{i}.xml"): part for i, part in enumerate(parts)}
        self._pages = {story.url: story for story in self.stories}

    @property
    def feeds(self) -> tuple[str, ...]:
        """The URL of every feed."""
        return tuple(self._feeds)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host, with its port."""
        return tuple(f"h{i}.localhost:{self.port}" for i in range(HOSTS))

    def repeated(self) -> int:
        """Count the requests for articles beyond the first for each: work that was done again."""
        with self._lock:
            return sum(count - 1 for url, count in self.requests.items() if url in self._pages and count > 1)

    def answer(self, url: str) -> tuple[str, bytes] | None:
        """Return type and body of a URL, and count the request; None for one that is not there."""
        with self._lock:
            self.requests[url] += 1
        if (listed := self._feeds.get(url)) is not None:
            return "application/rss+xml; charset=utf-8", _feed(listed).encode()
        if (story := self._pages.get(url)) is not None:
            return "text/html; charset=utf-8", _page(story, self._seed).encode()
        return None

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _url(self, host: int, name: str) -> str:
        return f"http://h{host}.localhost:{self.port}/{self._seed}/{name}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a fetcher that is killed in the middle of a page is this suite's purpose."""


def _handler(newsroom: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = newsroom.answer(f"http://{self.headers['Host']}{self.path}")
            kind, body = found or ("text/plain", b"not here")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Thousands of lines that nobody reads."""

    return Handler


def _digits(number: int) -> Iterator[str]:
    while True:
        number, rest = divmod(number, len(NAMES))
        yield NAMES[rest]
        if not number:
            return


def _sentence(seed: int, number: int) -> str:
    """Write seed and number as words: the text's repair must have nothing to change."""
    return f"ويحفظ هذا الخبر تحت اسم {' '.join(_digits(number))} في خزانة {' '.join(_digits(seed))} وحدها."


def original(number: int) -> int:
    """Return whose text an article has, but for its own sentence: every tenth copies the one before."""
    return number - 1 if number % TENTH == 1 else number


def _page(story: Story, seed: int) -> str:
    chance = random.Random(f"{seed}/{original(story.number)}")
    texts = [" ".join(chance.choices(WORDS, k=PARAGRAPH_WORDS)) + "." for _ in range(PARAGRAPHS)]
    texts[2] = f"{texts[2]} {story.sentence}"
    paragraphs = "\n".join(f"<p>{text}</p>" for text in texts)
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl">
<head><meta charset="utf-8"><title>{_title(story)}</title></head>
<body><article><h1>{_title(story)}</h1><time datetime="{_at(story).isoformat()}"></time>
{paragraphs}
</article></body></html>"""


def _feed(stories: tuple[Story, ...]) -> str:
    items = "".join(
        f"<item><title>{_title(story)}</title><link>{story.url}</link>"
        f"<pubDate>{format_datetime(_at(story))}</pubDate></item>\n"
        for story in stories
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>أخبار</title>'
    return f"{head}\n{items}</channel></rss>"


def _title(story: Story) -> str:
    return f"خبر {' '.join(_digits(story.number))} من غرفة الأخبار"


def _at(story: Story) -> datetime:
    return FIRST + timedelta(minutes=story.number)
