"""A local stand-in for DigiCert's API, for tests.

>>> from digicert_contacts.testing import Sandbox
>>> with Sandbox() as sandbox:
...     sandbox.order(100000001)["certificate"]["common_name"]
'www.example.com'
"""

from digicert_contacts._core import Sandbox

__all__ = ["Sandbox"]
