"""`python -m shared.hosts.local.following <module> <arguments>`: `python -m <module>`, ending with who started it.

Every process of the estate ends when its supervisor is gone, however it went.
"""

import os
import runpy
import sys
import threading
import time

from shared.settings import settings

_LOOK_S = 0.5


def follow_parent() -> None:
    """End this process when its parent is gone, be it before this process could look."""
    parent = settings().supervisor or os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
        os._exit(0)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


if __name__ == "__main__":
    follow_parent()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
