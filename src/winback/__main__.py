"""`python -m winback`"""

from winback.cli import main

main()
