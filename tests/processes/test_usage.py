"""CPU time and memory as the benchmark reads them, against the kernel's own account."""

import resource
import subprocess
import sys

import pytest

from benchmarks.pipeline.usage import PROC, cpu_s, pss_mb

BURN = "import time\nwhile time.process_time() < 0.4: pass\n"


PARENT = f"""import subprocess, sys, time
subprocess.run([sys.executable, '-c', {BURN!r}])
{BURN}print('over', flush=True)
input()"""


@pytest.mark.skipif(not PROC.joinpath("self/stat").exists(), reason="needs Linux' /proc")
def test_cpu_of_a_group_is_what_the_kernel_bills_with_ended_children() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as one:
        assert one.stdout
        one.stdout.readline()
        measured, memory = cpu_s({"it": one.pid})["it"], pss_mb({"it": one.pid})["it"]
        one.communicate(b"\n")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    billed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert measured == pytest.approx(billed, abs=0.25), "the end of both interpreters is billed, not measured"
    assert measured > 0.7, "the ended child counts too"
    assert 1 < memory < 100
