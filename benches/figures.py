"""The eight figures of the README's speed table: each measured side by side in one run, as a ratio."""
import itertools, json, os, pathlib, subprocess, sys, time

from contestants import BUILD, ROOT, Contestant
from measure import OneCore, PeakRss, cpu_seconds, median, rss_mib, wrk

LOAD = pathlib.Path(__file__).parent / "load"
WRAPTAP = str(ROOT / "target/dist/wraptap")
PUT, THOUSAND, JSON64K = LOAD / "put.lua", LOAD / "thousand.lua", LOAD / "json64k.lua"
PROXIES = ["nginx", "haproxy", "hyper", "wraptap"]


class Row:
    """One line of the table: a ratio, the goal, and the floor below which the run fails (`None`: the goal is it).

    A floor may be another ratio than the figure, with a bound and a name of its own. `extra` rows are not of the eight.
    """

    def __init__(self, what, ratio, goal, better, floor=None, note="", extra=False):
        self.what, self.ratio, self.goal, self.better, self.floor, self.note, self.extra = what, ratio, goal, better, floor, note, extra

    def meets(self, bound):
        return self.ratio <= bound if self.better == "less" else self.ratio >= bound

    def verdict(self):
        if self.meets(self.goal):
            return "goal"
        return "floor" if self.floor and self.floor[0] <= self.floor[1] else "BELOW"


def under_load(rounds, seconds, connections, script, names=PROXIES, extra=()):
    """Drives each in turn, `rounds` times interleaved; returns name -> medians, with CPU µs a request and RSS MiB."""
    samples = {}
    with Contestant("upstream") as upstream:
        running = [Contestant(name, upstream.port).__enter__() for name in [*names, *extra]]
        try:
            for contestant in running:
                wrk(contestant.port, script, connections, 1)
            for number in range(1, rounds + 1):
                say(f"{script.stem}, {connections} connections: round {number} of {rounds}")
                for contestant in [*running, upstream]:
                    before = cpu_seconds(contestant.pid)
                    result = wrk(contestant.port, script, connections, seconds)
                    result["cpu"] = (cpu_seconds(contestant.pid) - before) / max(result["requests"], 1) * 1e6
                    result["rss"] = rss_mib(contestant.pid)
                    samples.setdefault("direct" if contestant is upstream else contestant.name, []).append(result)
        finally:
            for contestant in running:
                contestant.__exit__()
    return {name: {key: median([s[key] for s in results]) for key in results[0]} for name, results in samples.items()}


TABLES = []


def print_load(title, results):
    lines = [title, f"{'':<10}{'req/s':>10}{'CPU µs/req':>12}{'p50 µs':>9}{'p99 µs':>10}{'RSS MiB':>9}{'errors':>8}"]
    for name, r in results.items():
        lines.append(f"{name:<10}{r['rate']:>10.0f}{r['cpu']:>12.1f}{r['p50'] * 1e6:>9.0f}{r['p99'] * 1e6:>10.0f}{r['rss']:>9.1f}{r['errors']:>8.0f}")
    TABLES.append("\n".join(lines))
    print("\n" + TABLES[-1], flush=True)


def request_path(rounds, seconds):
    """Rows 1 to 3: CPU and throughput at 32 connections, latency at one; 256 connections and 64 KiB are printed only."""
    at32 = under_load(rounds, seconds, 32, PUT, extra=["mitmdump"])
    print_load("PUT of 120 bytes, 32 connections", at32)
    # each request wakes three sleeping programs, and it is up to the scheduler on which core, and to a virtual machine how
    # long that takes: a p50 jumps by 5 µs from round to round, so there are many short ones, and the floor is taken
    # where all take turns on one core
    at1 = under_load(rounds * 3, max(seconds // 3, 1), 1, PUT)
    print_load("PUT of 120 bytes, 1 connection", at1)
    with OneCore():
        together = under_load(rounds, seconds, 1, PUT)
    print_load("PUT of 120 bytes, 1 connection, all on one core", together)
    print_load("PUT of 120 bytes, 256 connections", under_load(max(rounds // 2, 1), seconds, 256, PUT))
    print_load("POST of 64 KiB JSON, 32 connections", under_load(max(rounds // 2, 1), seconds, 32, JSON64K))
    tap, nginx, hyper = at32["wraptap"]["cpu"], at32["nginx"]["cpu"], at32["hyper"]["cpu"]
    added, floor = ({name: results[name]["p50"] - results["direct"]["p50"] for name in ("wraptap", "nginx", "hyper")} for results in (at1, together))
    told = lambda times: "; ".join(f"{name} +{time * 1e6:.0f} µs" for name, time in times.items())
    return [
        Row("CPU per request, recording / nginx", tap / nginx, 1.25, "less", floor=(tap / hyper, 1.25, "plain hyper"),
            note=f"{tap:.1f} µs; nginx {nginx:.1f}; plain hyper {hyper:.1f} (ratio {tap / hyper:.2f})"),
        Row("throughput at 32 connections / mitmdump -w", at32["wraptap"]["rate"] / at32["mitmdump"]["rate"], 40, "more"),
        Row("added p50, one connection / nginx", added["wraptap"] / added["nginx"], 1.5, "less",
            floor=(floor["wraptap"] / floor["nginx"], 1.5, "nginx on one core"), note=f"{told(added)}. On one core: {told(floor)}"),
    ]


def big_body(rounds):
    """Row 4: 1 GiB from the upstream to a client, the rate against nginx, and our memory meanwhile."""
    rates, peak = {}, 0.0
    with Contestant("upstream") as upstream, Contestant("nginx", upstream.port) as nginx, Contestant("wraptap", upstream.port) as tap:
        for number in range(1, rounds + 1):
            say(f"1 GiB body: round {number} of {rounds}")
            for contestant in (nginx, tap):
                with PeakRss(contestant.pid) as rss:
                    start = time.perf_counter()
                    subprocess.run(["curl", "-sf", "-o", "/dev/null", f"http://127.0.0.1:{contestant.port}/big"], check=True)
                    rates.setdefault(contestant.name, []).append(1 / (time.perf_counter() - start))
                peak = max(peak, rss.peak) if contestant is tap else peak
    ratio = median(rates["wraptap"]) / median(rates["nginx"])
    return [Row("1 GiB body, rate / nginx", ratio, 0.8, "more", note=f"{median(rates['wraptap']):.2f} GiB/s, peak RSS {peak:.0f} MiB (goal < 64)"
                + ("" if peak < 64 else " MEMORY ABOVE GOAL"))]


def growth(exchanges):
    """Row 5: memory after many exchanges against after 1,000, and CPU for each; leaves the recording for row 6."""
    with Contestant("upstream") as upstream, Contestant("wraptap", upstream.port) as tap:
        wrk(tap.port, THOUSAND, 32, 2)
        early, costs = rss_mib(tap.pid), []
        while count(tap.recording) < exchanges:
            before = cpu_seconds(tap.pid)
            result = wrk(tap.port, PUT, 32, 10)
            costs.append((cpu_seconds(tap.pid) - before) / result["requests"] * 1e6)
            say(f"{count(tap.recording):,} of {exchanges:,} exchanges recorded, {rss_mib(tap.pid):.1f} MiB")
        late, recording = rss_mib(tap.pid), tap.recording
    return recording, [
        Row(f"RSS after {exchanges:,} exchanges / after 1,000", late / early, 1.2, "less", note=f"{late:.1f} MiB / {early:.1f} MiB"),
        Row("CPU per exchange, the last / the first of these", costs[-1] / costs[0], 1.2, "less", extra=True,
            note=f"{costs[-1]:.1f} µs / {costs[0]:.1f} µs"),
    ]


def say(text):
    print(text, file=sys.stderr, flush=True)


def count(recording):
    """Returns the number of lines, by their average length: counting a gigabyte each time would be the slow part."""
    try:
        size = recording.stat().st_size
        with open(recording, "rb") as file:
            head = file.read(1 << 20)
        return size // max(len(head) // max(head.count(b"\n"), 1), 1)
    except FileNotFoundError:
        return 0


def timed(words, rounds):
    """Returns the median seconds of a command, and the highest memory of its process in MiB."""
    seconds, peak = [], 0.0
    for _ in range(rounds):
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss / 1024)
        process.returncode = os.waitstatus_to_exitcode(status)
    return median(seconds), peak


def reading(recording, rounds):
    """Row 6: `list` of the whole recording against `wc -l` of the same file; one exchange near its end; `mock`."""
    listed, peak = timed([WRAPTAP, "list", str(recording)], rounds)
    counted, _ = timed(["wc", "-l", str(recording)], rounds)
    last = count(recording) * 99 // 100
    shown, _ = timed([WRAPTAP, "show", f"{recording}#{last}"], rounds)
    return [
        Row("`list` of the recording / `wc -l`", listed / counted, 10, "less",
            note=f"{listed:.2f} s / {counted:.2f} s, peak RSS {peak:.0f} MiB (goal < 128)" + ("" if peak < 128 else " MEMORY ABOVE GOAL")),
        Row(f"`show {last}` of the recording / `list`", shown / listed, 0.1, "less", extra=True, note=f"{shown * 1e3:.0f} ms"),
    ]


def mocking(recording, exchanges):
    """What `mock` takes for an answer out of many exchanges: time at the client, one connection."""
    part = BUILD / "mocked.ndjson"
    with open(recording, "rb") as lines, open(part, "wb") as kept:
        kept.writelines(itertools.islice(lines, exchanges))
    with Contestant("mock", part) as mock:
        wrk(mock.port, PUT, 1, 1)
        result = wrk(mock.port, PUT, 1, 3)
    part.unlink()
    return [Row(f"an answer of `mock` with {exchanges:,} exchanges, p50 in µs", result["p50"] * 1e6, 1000, "less", extra=True,
                note=f"p99 {result['p99'] * 1e6:.0f} µs, {result['rate']:.0f} answers/s, {result['errors']} refused")]


def starting(recording, rounds):
    """The slowest start of a command that has next to nothing to do, and the size of what is shipped."""
    short = BUILD / "short.ndjson"
    with open(recording, "rb") as lines:
        short.write_bytes(b"".join(itertools.islice(lines, 20)))
    good, candidate = BUILD / "good.json", BUILD / "candidate.json"
    commands = [["--version"], ["rules"], ["list", str(short)], ["show", f"{short}#last"], ["diff", str(candidate), str(good)],
                ["operation", "--search", "wrapup"], ["rules", "null_field"]]
    starts = {" ".join(words[:1] + [w for w in words[1:2] if w.startswith("-")]): timed([WRAPTAP, *words], rounds)[0] * 1e3 for words in commands}
    slowest = max(starts, key=starts.get)
    size = pathlib.Path(WRAPTAP).stat().st_size / 2**20
    return [
        Row("slowest start of a command, in ms", starts[slowest], 10, "less", extra=True,
            note=", ".join(f"`{name}` {value:.1f}" for name, value in starts.items())),
        Row("release binary, in MiB", size, 15, "less", extra=True),
    ]


def body_of(bytes, changed):
    """Returns a JSON body of about that size; every 97th element differs where `changed`."""
    element = lambda i: {"id": f"{i:08x}-0e9e-11e4-9191-0800200c9a66", "name": f"code {i}", "durationMs": i * 1000,
                         **({"notes": None} if changed and i % 97 == 0 else {"notes": f"note {i}"})}
    text, i = [], 0
    while sum(map(len, text[-1:])) + len(text) * 110 < bytes:
        text.append(json.dumps(element(i)))
        i += 1
    return '{"entities":[' + ",".join(text) + "]}"


def comparing(rounds):
    """Rows 7 and 8: growth of the diff, and the whole process against `jq -S`."""
    files = {}
    for name, bytes in (("100k", 100 << 10), ("1m", 1 << 20)):
        for side, changed in (("good", False), ("candidate", True)):
            files[name, side] = BUILD / f"{side}-{name}.json"
            files[name, side].write_text(body_of(bytes, changed))
    small, large = (timed([WRAPTAP, "diff", "--format", "json", str(files[n, "candidate"]), str(files[n, "good"])], rounds)[0] for n in ("100k", "1m"))
    good, candidate = BUILD / "good.json", BUILD / "candidate.json"
    good.write_text('{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","notes":"sold","durationSeconds":120}')
    candidate.write_text('{"code":"7fb334b0-0e9e-11e4-9191-0800200c9a66","notes":null,"duration_seconds":"120"}')
    ours, _ = timed([WRAPTAP, "diff", str(candidate), str(good)], rounds * 10)
    jq, _ = timed(["jq", "-S", ".", str(candidate), str(good)], rounds * 10)
    return [
        Row("diff of two 1 MiB bodies / of two 100 KiB bodies", large / small, 15, "less", note=f"{large * 1e3:.0f} ms / {small * 1e3:.0f} ms, whole process"),
        Row("`diff` of a wrap-up pair / `jq -S .`, whole process", ours / jq, 1.0, "less", note=f"{ours * 1e3:.1f} ms / {jq * 1e3:.1f} ms"),
    ]
