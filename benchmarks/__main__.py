"""`make bench`: every benchmark, each as a ratio against a baseline in the same run."""

from benchmarks import polling, process

if __name__ == "__main__":
    process.main()
    polling.main()
