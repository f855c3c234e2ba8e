"""What the readers in Python share: each file that is named on the command line gives
one line of JSON, {"value": …} as read, or {"error": "…"} if it is refused."""
import json
import sys
import traceback


def each(read):
    """Calls read with the path of each file."""
    for path in sys.argv[1:]:
        try:
            line = {"value": read(path)}
        except Exception:
            line = {"error": traceback.format_exc()}
        print(json.dumps(line), flush=True)


def present(attributes):
    """Leaves out the attributes without a value."""
    return {k: v for k, v in attributes.items() if v is not None and v != "" and v != []}
