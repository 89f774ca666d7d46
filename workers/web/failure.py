"""libcurl's errors as our exceptions: what happened, and whether a retry can help."""

from typing import Final

import pycurl

from ingest.errors import Permanent, Transient

TOO_LARGE_HEADERS: Final = 100
"""CURLE_TOO_LARGE, which pycurl has no name for: one header line over libcurl's own cap."""
REASONS: Final = {
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_RESOLVE_PROXY: "proxy",
    pycurl.E_COULDNT_CONNECT: "connect",
    pycurl.E_PARTIAL_FILE: "incomplete",
    pycurl.E_GOT_NOTHING: "incomplete",
    pycurl.E_RECV_ERROR: "incomplete",
    pycurl.E_SEND_ERROR: "incomplete",
    pycurl.E_FILESIZE_EXCEEDED: "too_large",
    TOO_LARGE_HEADERS: "headers_too_large",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls_untrusted",
}
"""Any error that is not listed is reported as `protocol`."""
FOR_GOOD: Final = frozenset({"address_blocked", "port_forbidden", "too_large", "headers_too_large"}) | {
    "tls_untrusted",
    "tls_expired",
    "tls_name",
}
INSIDE: Final = {
    "address_blocked": "its address is not public; for a site of your own network name that in WARRAQ_FETCH_ALLOW",
    "port_forbidden": "its port is none of 80, 443, 8080 and 8443",
}
"""What we say of a connection that we refused ourselves: libcurl can only tell that there was none."""
STAGES: Final = {
    "Resolving timed out": "timeout_dns",
    "Connection timed out": "timeout_connect",
    "Connection timeout": "timeout_connect",
    "SSL connection timeout": "timeout_connect",
}
EXPIRED: Final = 10
"""X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL."""


def failure(url: str, error: pycurl.error, handle: pycurl.Curl, stopped: str, *, begun: bool) -> Permanent | Transient:
    """Return the exception for a transfer that libcurl gave up.

    `stopped` is our own reason where we stopped it, or ''; `begun` tells whether anything of the answer has come.
    """
    code, message = int(error.args[0]), str(error.args[1] if len(error.args) > 1 else "")
    reason = stopped or _reason(code, message, handle, begun=begun)
    kind = Permanent if reason in FOR_GOOD else Transient
    return kind(reason, f"{url[:200]}: {INSIDE.get(reason) or f'{message} (curl {code})'}")


def _reason(code: int, message: str, handle: pycurl.Curl, *, begun: bool) -> str:
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return _stage(message, begun=begun)
    if code == pycurl.E_PEER_FAILED_VERIFICATION:
        return _distrust(message, handle)
    return REASONS.get(code, "protocol")


def _stage(message: str, *, begun: bool) -> str:
    """Name the stage in which time ran out. libcurl says so only in its message: its timers jump to the end."""
    found = next((stage for words, stage in STAGES.items() if words in message), "")
    late = "timeout_slow" if "too slow" in message else "timeout_total"
    return found or (late if begun else "timeout_first_byte")


def _distrust(message: str, handle: pycurl.Curl) -> str:
    if handle.getinfo(pycurl.SSL_VERIFYRESULT) == EXPIRED:
        return "tls_expired"
    return "tls_name" if "subject name" in message else "tls_untrusted"
