"""The way to the outside: HTTP over libcurl, the addresses it may reach, robots.txt and TDM policies."""
