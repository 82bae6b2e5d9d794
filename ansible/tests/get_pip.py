"""Install pip into a new virtual environment, from the package index.

ansible-test downloads such a script from a host of its own, which not every network can reach.
"""

import subprocess
import sys

# Options of get-pip.py that pip does not have.
arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--no-")]
command = ["pip", "--python", sys.executable, "install", "--quiet", *arguments]
sys.exit(subprocess.call(command))
