"""`python -m workers.desk`: the desk as a process; `warraq desk` is the same for people."""

from argparse import ArgumentParser

from workers.celery_ext.lean import lean

with lean():
    from workers.desk.serve import serve
    from workers.settings import settings


def main() -> None:
    """Serve the desk."""
    parser = ArgumentParser(prog="python -m workers.desk")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    found = parser.parse_args()
    serve(settings(), found.address, found.port)


if __name__ == "__main__":
    main()
