"""What people read on a terminal: tables, KPIs, and what a pull came to."""
