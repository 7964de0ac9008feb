"""`winback up`: all that runs all day, in one process group.

The parent (children.py) only starts processes and looks after them: `winback serve`, `winback bot`, and a third one
(working.py) that does what has a time: it sends (sending.py), pulls by the schedule (schedule.py), and works requests
off (winback/requests.py). So a pull that takes all memory there is takes neither pages nor bot with it.
"""
