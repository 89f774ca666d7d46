"""Arabic text: `repair.repair` gives what a reader should see, `fold.fold` the key that a search compares."""
