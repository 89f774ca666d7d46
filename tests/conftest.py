"""What all tests share: no test of the unit suite opens a socket."""
