"""A local stand-in for DigiCert's API, for tests.

>>> from digicert_contacts.testing import Sandbox
>>> with Sandbox() as sandbox:
...     sandbox.order(100000001)["certificate"]["common_name"]
'www.example.com'

It can be told to fail, here by making the change and then closing the connection unanswered:

>>> with Sandbox() as sandbox:
...     sandbox.add_fault("close", applied=True, method="PUT", next=1)
...     sandbox.faults()[0]["action"]
1
'close'

With pytest, the fixture ``digicert_sandbox`` is there as soon as this package is installed.
"""

from digicert_contacts._core import Sandbox
from digicert_contacts._fault import FaultAction, FaultSettings

__all__ = ["FaultAction", "FaultSettings", "Sandbox"]
