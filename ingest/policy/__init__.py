"""What sites demand: robots.txt, TDM reservations, rights of pages, pace."""
