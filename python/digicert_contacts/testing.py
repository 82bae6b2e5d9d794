"""A local server that responds as DigiCert's API does, for tests.

>>> from digicert_contacts.testing import Sandbox
>>> with Sandbox() as sandbox:
...     order = sandbox.order(100000001)
...     assert order is not None
...     order["certificate"]["common_name"]
'www.example.com'

Faults make it fail. This one applies the change and closes the connection without a response:

>>> with Sandbox() as sandbox:
...     sandbox.add_fault("close", applied=True, method="PUT", next=1)
...     sandbox.faults()[0]["action"]
1
'close'

This package also installs the pytest fixture ``digicert_sandbox``.
"""

from digicert_contacts._core import Sandbox
from digicert_contacts._fault import FaultAction, FaultSettings

__all__ = ["FaultAction", "FaultSettings", "Sandbox"]
