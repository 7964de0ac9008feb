"""How a message is sent: a file for each channel."""
