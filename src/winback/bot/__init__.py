"""The bot in Slack: buttons, forms, the Home tab, /winback and the daily digest.

Whatever somebody does is acknowledged at once, by threads that never wait for the database; a form is opened then too,
and filled when the database has answered. What is to be answered is worked on by other threads (desk.py).
"""
