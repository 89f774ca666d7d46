"""Elasticsearch without Docker: the command that starts it, and whether it is well."""

import base64
import os
import socket
from functools import partial
from http.client import HTTPConnection, HTTPException

from deploy.local import artifact, places
from deploy.local.compose import Service
from deploy.local.errors import WrongPasswordError
from deploy.local.node import SMALL_JVM, UID, Node, data, password, prepare
from deploy.local.program import Program


def program(node: Node, declared: Service) -> Program:
    """Describe the process: the Java launcher itself; the artifact lacks the shell script that would start it."""
    java, server = str(node.jdk / "bin" / "java"), artifact.folder()
    launcher = (java, *SMALL_JVM, "-cp", f"{server}/lib/tools/server-launcher/*")
    env = {
        "CLI_JAVA_OPTS": " ".join(SMALL_JVM),
        "ES_DISTRIBUTION_TYPE": "zip",
        "ES_HOME": str(server),
        "ES_JAVA_HOME": str(node.jdk),
        "ES_PATH_CONF": str(node.folder / "config"),
        "ES_TMPDIR": str(node.folder / "tmp"),
        "HOSTNAME": socket.gethostname(),
        "JAVA": java,
        "JAVA_TYPE": "ES_JAVA_HOME",
    }
    as_other = ("setpriv", "--reuid", str(UID), "--regid", str(UID), "--clear-groups") if os.geteuid() == 0 else ()
    return Program(
        name=declared.name,
        argv=(*as_other, *launcher, "org.elasticsearch.server.launcher.ServerLauncher"),
        env={**places.base_environment(node.place), **env},
        cwd=server,
        after=declared.after,
        check=partial(is_ready, node),
        stop_s=max(declared.stop_s, 30.0),
        prepare=partial(prepare, node),
    )


def is_ready(node: Node) -> bool:
    """Return whether the node answers and every primary shard is there; yellow is all that one node can promise."""
    connection = HTTPConnection("127.0.0.1", node.port, timeout=3)
    token = base64.b64encode(f"elastic:{password(node)}".encode()).decode()
    try:
        connection.request(
            "GET", "/_cluster/health?wait_for_status=yellow&timeout=1s", headers={"Authorization": f"Basic {token}"}
        )
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    if answer.status == 401:  # noqa: PLR2004 - HTTP's own number
        raise WrongPasswordError(
            f"Elasticsearch on 127.0.0.1:{node.port} refuses the password in {node.password_file}: either another "
            "stack's has taken that port since it was chosen (try once more), or its data was made with another "
            f"password. Then put the old file back, or delete {data(node)} and start again (documents are lost)."
        )
    return answer.status == 200  # noqa: PLR2004
