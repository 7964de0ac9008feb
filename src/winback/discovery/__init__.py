"""What an unknown report is: its columns guessed by name and by content, and the settings that follow.

It knows neither the database nor the command line.
"""
