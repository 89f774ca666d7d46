"""What sites ask of us: robots.txt, TDM reservations, rights of pages, pace."""
