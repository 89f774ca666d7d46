"""`python -m deploy.k8s.check`: both overlays through kustomize, Kubernetes' own schemas, and docker-compose.yml.

The schemas come with the package `kubernetes-validate`: nothing is asked of a cluster or of the internet. KEDA's kinds
are described in keda.json, as far as we use them. kustomize: the command, the one inside kubectl, or built from its Go
module once, into the user's cache.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
import kubernetes_validate
import yaml

from deploy.compose.plain import FILLED_IN
from deploy.k8s.lint import lint
from deploy.local.compose import Service, read
from deploy.local.places import interpreter_folder
from deploy.queues import queues

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
OVERLAYS: Final = ("overlays/cluster", "overlays/external")
VERSION: Final = "1.33"
"""The oldest version of Kubernetes that is still supported."""
KUSTOMIZE: Final = "v5.7.1"
Manifest = Mapping[str, Any]


def main() -> int:
    """Return the exit code: 0 if everything is as it should be."""
    command = kustomize()
    if command is None:
        print("k8s: NOT RENDERED: none of kustomize, kubectl and go is on PATH, or go could not build it")
        return int(bool(os.environ.get("CI")))
    return int(sum(_has_problems(command, overlay) for overlay in OVERLAYS) > 0)


def _has_problems(command: Sequence[str], overlay: str) -> bool:
    manifests = render(command, overlay)
    problems = [*invalid(manifests), *lint(manifests, declared(), queues())]
    print(*problems, sep="\n") if problems else print(f"k8s: {overlay}: {len(manifests)} manifests, no problem")
    return bool(problems)


def declared() -> dict[str, Service]:
    """Return the services of docker-compose.yml that a cluster has, too."""
    return read(ROOT / "docker-compose.yml", FILLED_IN, profiles=["metrics"])


def kustomize() -> list[str] | None:
    """Return the command that renders a folder, None where there is none and none can be built."""
    if found := shutil.which("kustomize"):
        return [found, "build"]
    if found := shutil.which("kubectl"):
        return [found, "kustomize"]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "warraq" / f"kustomize-{KUSTOMIZE[1:]}"
    if not (cache / "kustomize").exists():
        if (go := shutil.which("go")) is None:
            return None
        print(f"k8s: building kustomize {KUSTOMIZE}, once (about a minute)")
        env = {**os.environ, "GOBIN": str(cache)}
        module = f"sigs.k8s.io/kustomize/kustomize/v5@{KUSTOMIZE}"
        if subprocess.run([go, "install", module], env=env, check=False).returncode:
            return None
    return [str(cache / "kustomize"), "build"]


def render(command: Sequence[str], overlay: str) -> list[Manifest]:
    """Return the rendered manifests of an overlay, with generated secrets."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(HERE, Path(place) / "k8s", ignore=shutil.ignore_patterns("secrets")))
        made = {**os.environ, "WARRAQ_SECRETS_DIR": str(copy / OVERLAYS[0] / "secrets")}
        subprocess.run([interpreter_folder() / "warraq", "secrets"], env=made, check=True, stdout=subprocess.DEVNULL)
        (external := copy / OVERLAYS[1] / "secrets").mkdir()
        (external / "pages.env").write_text("AWS_ACCESS_KEY_ID=made\nAWS_SECRET_ACCESS_KEY=made\n")
        done = subprocess.run([*command, str(copy / overlay)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"k8s: kustomize refuses {overlay}: {done.stderr}")
    return [manifest for manifest in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if manifest]


def invalid(manifests: Sequence[Manifest]) -> Iterator[str]:
    """Yield violations of the schemas; unknown fields count."""
    for manifest in manifests:
        try:
            _validate(manifest)
        except jsonschema.ValidationError as error:
            where = ".".join(map(str, error.absolute_path))
            yield f"{manifest['kind']} {manifest['metadata']['name']}: {where}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError as error:
            yield f"{manifest['kind']} {manifest['metadata']['name']}: {error.message}"


def _validate(manifest: Manifest) -> None:
    if str(manifest["apiVersion"]).startswith("keda.sh/"):
        jsonschema.validate(manifest, _keda()[manifest["kind"]])
    else:
        kubernetes_validate.validate(dict(manifest), VERSION, strict=True)


@cache
def _keda() -> Mapping[str, Any]:
    """Return KEDA's schemas by kind."""
    return json.loads((HERE / "keda.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


if __name__ == "__main__":
    sys.exit(main())
