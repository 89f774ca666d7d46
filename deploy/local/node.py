"""A local Elasticsearch node's files: folders of another uid, configuration, keystore."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local import artifact, places
from deploy.local.errors import LocalStackError
from deploy.local.program import write_private

UID = 61000  # needs no entry in /etc/passwd; above the uids Debian gives out
SMALL_JVM = ("-Xms4m", "-Xmx64m", "-XX:+UseSerialGC")  # the launcher's and the keystore tool's own defaults


@dataclass(frozen=True)
class Node:
    """One local node: where it lies, what it runs on, how much it may use."""

    place: Path
    jdk: Path
    maven: str
    port: int
    heap: str
    say: Callable[[str], None] = print

    @property
    def folder(self) -> Path:
        """Return the folder of its configuration, its own logs and its temporary files."""
        return self.place / "elasticsearch"

    @property
    def password_file(self) -> Path:
        """Return the file of the superuser's password, made by the one-shot `secrets`."""
        return self.place / "secrets" / "elasticsearch" / "elastic_password"


def prepare(node: Node) -> str:
    """Bring everything the server needs to its place; return a fingerprint of it."""
    artifact.obtain(node.maven, node.jdk, node.say)
    passage = backups(node).parent
    passage.mkdir(exist_ok=True)
    passage.chmod(0o711)  # ours; Elasticsearch passes through it
    for folder in (node.folder, *(node.folder / name for name in ("config", "logs", "tmp")), data(node), backups(node)):
        folder.mkdir(exist_ok=True, mode=0o700)
        _hand_over(folder)
    settings = _configure(node)
    secret = password(node)
    stamp = hashlib.sha256(f"{settings}\0{secret}".encode()).hexdigest()
    _keystore(node, secret)
    return stamp


def configuration(node: Node) -> str:
    """Write elasticsearch.yml; JSON strings are YAML strings.

    The disk threshold is off: on a laptop with a nearly full disk every index would be red. Security is on.
    """
    lines = {
        "cluster.name": "warraq-local",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": node.port,
        "transport.port": "19300-19400",  # not used; the server takes the first free one
        "path.data": str(data(node)),
        "path.repo": str(node.place / "data" / "backups"),
        "path.logs": str(node.folder / "logs"),
        "xpack.security.enabled": True,
        "xpack.security.http.ssl.enabled": False,
        "xpack.security.enrollment.enabled": False,
        "cluster.routing.allocation.disk.threshold_enabled": False,
        "action.auto_create_index": False,
        "search.default_allow_partial_results": False,
    }
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in lines.items())


def _configure(node: Node) -> str:
    """Fill the configuration folder: the server's own files, ours over them; heap and no gc.log in its folder."""
    config = node.folder / "config"
    own = {"elasticsearch.yml": configuration(node)}
    own["jvm.options.d/heap.options"] = f"-Xms{node.heap}\n-Xmx{node.heap}\n-Xlog:disable\n-Xlog:all=warning:stderr\n"
    for file in (artifact.folder() / "config").iterdir():
        if not (config / file.name).exists():
            shutil.copyfile(file, config / file.name)
            _hand_over(config / file.name)
    (config / "jvm.options.d").mkdir(exist_ok=True, mode=0o700)
    _hand_over(config / "jvm.options.d")
    for name, text in own.items():
        write_private(config / name, text)
        _hand_over(config / name)
    return json.dumps(own)


def password(node: Node) -> str:
    """Return the superuser's password."""
    try:
        return node.password_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise LocalStackError(
            f"{node.password_file} is missing: the service `secrets` should have made it; see its log"
        ) from None


def _keystore(node: Node, password: str) -> None:
    """Put the superuser's first password into the server's keystore; a JVM start, so only when it changed."""
    stamp, keystore = node.folder / "keystore.stamp", node.folder / "config" / "elasticsearch.keystore"
    mark = hashlib.sha256(password.encode()).hexdigest()
    if keystore.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    server = artifact.folder()
    names = {"cli.name": "keystore", "cli.libs": "lib/tools/keystore-cli", "es.distribution.type": "zip"}
    paths = {"es.path.home": server, "es.path.conf": node.folder / "config", "es.java.type": "ES_JAVA_HOME"}
    command = [
        *(str(node.jdk / "bin" / "java"), *SMALL_JVM, "-XX:TieredStopAtLevel=1"),
        *(f"-D{name}={value}" for name, value in {**names, **paths, "cli.script": "keystore"}.items()),
        *("-cp", f"{server}/lib/*:{server}/lib/cli-launcher/*", "org.elasticsearch.launcher.CliToolLauncher"),
        *("add", "--stdin", "--force", "bootstrap.password"),
    ]
    env = {**places.base_environment(node.place), "ES_TMPDIR": str(node.folder / "tmp")}
    identity = {"user": UID, "group": UID, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(  # type: ignore[call-overload]  # the keywords of another uid, or none
        command, input=password, env=env, cwd=server, capture_output=True, text=True, check=False, **identity
    )
    if done.returncode:
        raise LocalStackError(f"Elasticsearch's keystore could not be written: {done.stdout}{done.stderr}".strip())
    write_private(stamp, mark)


def data(node: Node) -> Path:
    """Return the folder of its data."""
    return node.place / "data" / "elasticsearch"


def backups(node: Node) -> Path:
    """Return the folder of its snapshots (workers/store/vault.py)."""
    return node.place / "data" / "backups" / "elasticsearch"


def _hand_over(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, UID, UID)


def reachable(*paths: Path) -> None:
    """As root: every folder above must let the other uid pass; said before anything is started."""
    folders = {folder for path in paths for folder in path.parents if folder.exists()} if os.geteuid() == 0 else set()
    if closed := sorted(folder for folder in folders if not folder.stat().st_mode & 0o001):
        raise LocalStackError(
            f"{closed[0]} is closed to uid {UID}, under which Elasticsearch runs (it refuses root). Set WARRAQ_HOME to "
            "a folder that others may pass through, such as one below /var/lib (for a JDK there: move it, and set "
            "ES_JAVA_HOME), or run as an ordinary user."
        )
