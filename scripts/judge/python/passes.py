"""Runs one further oracle over a case file, each call with a time limit (an alarm; a worker that hangs is replaced)."""
import argparse, json, multiprocessing, os, signal, sys, time
import common


class TimeLimit(BaseException):
    pass


def rel(root, path):
    return os.path.relpath(str(path), root)


def on_alarm(*_):
    raise TimeLimit


def worker(root, make, limit, conn):
    sys.setrecursionlimit(10000)
    files, ask = common.load(root), make(root)
    signal.signal(signal.SIGALRM, on_alarm)
    conn.send("ready")
    while (case := conn.recv()):
        start, edits, error = time.time(), None, None
        try:
            signal.setitimer(signal.ITIMER_REAL, limit)
            edits = sorted(map(list, ask(files, case)))
        except TimeLimit:
            error = "time limit"
        except Exception as e:
            error = f"{type(e).__name__}: {e}"[:300]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        conn.send((edits, error, round((time.time() - start) * 1000)))


def run(field, make):
    ap = argparse.ArgumentParser()
    ap.add_argument("corpus"), ap.add_argument("cases"), ap.add_argument("--limit", type=float, default=15)
    o = ap.parse_args()
    root, begun, proc = os.path.realpath(o.corpus), time.time(), None
    cases = [json.loads(line) for line in open(o.cases)]
    for case in cases:
        if not proc:
            conn, other = multiprocessing.Pipe()
            proc = multiprocessing.Process(target=worker, args=(root, make, o.limit, other), daemon=True)
            proc.start()
            conn.recv()
        conn.send(case)
        try:
            got = conn.recv() if conn.poll(o.limit + 5) else None
        except EOFError:
            got = None
        if got is None:
            proc.kill()
            proc, got = None, (None, "hung or died", round(o.limit * 1000))
        case[field], error, case[field + "_ms"] = got
        case.pop(field + "_error", None)
        if error:
            case[field + "_error"] = error
    with open(o.cases + ".tmp", "w") as f:
        f.writelines(json.dumps(c) + "\n" for c in cases)
    os.replace(o.cases + ".tmp", o.cases)
    if proc:
        conn.send(None)
        proc.join(5)
    same = sum(c[field] == c["edits"] for c in cases)
    print(f"{field} {root}: {same} of {len(cases)} same, {sum(c[field] is None for c in cases)} failed, "
          f"{time.time() - begun:.0f} s", file=sys.stderr)
