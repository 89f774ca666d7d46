"""`make bench`: every benchmark, each as a ratio against a baseline in the same run."""

from benchmarks import polling, process
from benchmarks.pipeline import __main__ as pipeline

if __name__ == "__main__":
    process.main()
    polling.main()
    pipeline.main([])
