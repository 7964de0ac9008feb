"""What is said, to whom, and the sending of it."""
