"""Whether the server of this machine is well: status 0 when its health check answers, else 1 and why."""

from __future__ import annotations

import os
import sys
import urllib.request

PORT = "STREAMLIT_SERVER_PORT"
SECONDS = 4.0


def main() -> int:
    address = f"http://127.0.0.1:{os.environ.get(PORT, '8501')}/_stcore/health"
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            answer.read()
    except OSError as error:  # refused, too slow, or an answer that says no
        print(f"{address}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
