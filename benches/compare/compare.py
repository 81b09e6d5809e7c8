#!/usr/bin/env python3
"""Compares the speed of rakscan with that of ripgrep, ast-grep and semgrep on the same files.

ripgrep searches for one word and parses nothing: it is the bound below. ast-grep and semgrep are what
people would use instead, each with the ten commonest calls of Stripe from the files beside this one.

    benches/compare/compare.py                             trees of 10, 100, 1,000 and 10,000 plugins
    benches/compare/compare.py --sizes 10,100 ~/code/shop   small trees, and code of your own

Prints Markdown to standard output and what it does to standard error. A tool that is not installed
is said to be missing and left out. Trees are made once, below --trees, and used again: that of 10,000
plugins has a million files and takes 11 GB. Run it on a machine that does nothing else.

    cargo install ripgrep; pip install ast-grep-cli semgrep
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RAKSCAN, ONE_THREAD, RIPGREP, AST_GREP, SEMGREP = (
    "rakscan", "rakscan -j 1", "ripgrep", "ast-grep", "semgrep")


def commands(rakscan):
    """Says how each tool is called; the paths are added behind."""
    scan = [str(rakscan), "scan", "--format", "json", "--quiet", "--no-config"]
    return {
        RIPGREP: ["rg", "-il", "stripe"],
        RAKSCAN: scan,
        ONE_THREAD: [*scan, "--threads", "1"],
        AST_GREP: ["ast-grep", "scan", "--rule", str(HERE / "ast-grep.yaml"), "--json=stream"],
        SEMGREP: ["semgrep", "scan", "--config", str(HERE / "semgrep.yaml"), "--json", "--quiet",
                  "--metrics=off", "--disable-version-check", "--oss-only",
                  "--jobs", str(os.cpu_count() or 1)],
    }


class Run:
    """What one run of a command took; `wall` is None where it was given up."""

    def __init__(self, wall, cpu, memory):
        self.wall, self.cpu, self.memory = wall, cpu, memory


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, limit):
    """Runs a command and measures it; memory is that of its largest process."""
    environment = {**os.environ, "SEMGREP_ENABLE_VERSION_CHECK": "0", "SEMGREP_SEND_METRICS": "off"}
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env=environment, start_new_session=True)
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        wall = time.perf_counter() - begin
        if pid:
            break
        if wall > limit:
            os.killpg(child.pid, 9)
            os.wait4(child.pid, 0)
            child.returncode = -9
            return Run(None, None, None)
        time.sleep(min(0.05, max(0.0005, wall / 200)))
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        say(f"    ended with status {child.returncode}: {' '.join(command)}")
        return Run(None, None, None)
    scale = 1 if sys.platform == "darwin" else 1024
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale)


def measure(tools, paths, runs, limit, too_slow):
    """Runs every tool in turn, `runs` times, and keeps the fastest run of each."""
    best = {}
    if RIPGREP in tools:
        run([*tools[RIPGREP], *paths], limit)  # Warms the cache.
    for turn in range(runs):
        for name, command in tools.items():
            if name in too_slow or (turn > 0 and (best[name].wall or limit) > limit / runs):
                continue
            done = run([*command, *paths], limit)
            took = f"{done.wall:.2f} s" if done.wall else f"given up after {limit} s"
            say(f"    {name}: {took}")
            if name not in best or (done.wall or limit) < (best[name].wall or limit):
                best[name] = done
            if done.wall is None:
                too_slow.add(name)
    return best


def tree(folder, size):
    """Makes the tree of `size` plugins, where it is not there yet."""
    path, mark = folder / str(size), folder / f"{size}.made"
    if not mark.exists():
        say(f"  making {size} plugins in {path}")
        shutil.rmtree(path, ignore_errors=True)
        subprocess.run(["cargo", "run", "--quiet", "--release", "--package", "xtask", "--",
                        "plugins", str(size), str(path)], cwd=ROOT, check=True,
                       stdout=subprocess.DEVNULL)
        mark.touch()
    return path


def extent(paths):
    """Counts files and bytes."""
    n_files = n_bytes = 0
    for path in paths:
        for folder, _, names in os.walk(path):
            for name in names:
                status = os.lstat(os.path.join(folder, name))
                n_files, n_bytes = n_files + 1, n_bytes + status.st_size
    return n_files, n_bytes


def versions(tools):
    for name, command in tools.items():
        if name != ONE_THREAD:
            text = subprocess.run([command[0], "--version"], capture_output=True, text=True).stdout
            lines = text.splitlines()
            version = lines[0] if lines else "?"
            yield version if name in version else f"{name} {version}"


def machine():
    processor, memory = platform.processor() or platform.machine(), ""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
        total = Path("/proc/meminfo").read_text().split()[1]
        memory = f", {int(total) / (1 << 20):.0f} GiB of memory"
    except OSError:
        pass
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    return (f"{processor}, {os.cpu_count()} cores{memory}, {platform.system()} {platform.release()}; "
            f"load when begun {load}")


def table(title, paths, best, limit):
    n_files, n_bytes = extent(paths)
    lines = [f"### {title}", "", f"{n_files:,} files, {n_bytes / 1e6:,.1f} MB.", "",
             "| | wall | processor | memory | of ripgrep | of rakscan |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]
    base = {name: one.wall for name, one in best.items() if one.wall}
    for name, one in best.items():
        if one.wall is None:
            lines.append(f"| {name} | > {limit} s | | | | |")
            continue
        of = [f"{one.wall / base[other]:.2f}x" if other in base else "" for other in (RIPGREP, RAKSCAN)]
        lines.append(f"| {name} | {one.wall:.3f} s | {one.cpu:.2f} s | {one.memory / 1e6:.0f} MB "
                     f"| {of[0]} | {of[1]} |")
    return "\n".join([*lines, ""])


def growth(walls):
    """Says whether the time for one plugin stays the same."""
    sizes = sorted(size for size, best in walls.items() if best.get(RAKSCAN) and best[RAKSCAN].wall)
    lines = ["### Time for one plugin", "", "| plugins | rakscan | ripgrep | threads |",
             "| ---: | ---: | ---: | ---: |"]
    for size in sizes:
        cell = [f"{walls[size][name].wall / size * 1000:.3f} ms"
                if walls[size].get(name) and walls[size][name].wall else "" for name in (RAKSCAN, RIPGREP)]
        one, all_ = walls[size].get(ONE_THREAD), walls[size][RAKSCAN]
        gain = f"{one.wall / all_.wall:.2f}x faster with all than with 1" if one and one.wall else ""
        lines.append(f"| {size:,} | {cell[0]} | {cell[1]} | {gain} |")
    return "\n".join([*lines, ""])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code", nargs="*", type=Path, help="folders with real code, taken together")
    parser.add_argument("--sizes", default="10,100,1000,10000", help="plugins in each tree; '' for none")
    parser.add_argument("--trees", type=Path, default=ROOT / "target" / "trees", help="where trees are")
    parser.add_argument("--runs", type=int, default=3, help="the fastest of so many counts")
    parser.add_argument("--limit", type=int, default=600, help="seconds after which a run is given up")
    parser.add_argument("--rakscan", type=Path, help="program to measure instead of building it")
    parser.add_argument("--without", action="append", default=[], metavar="TOOL", help="leave a tool out")
    return parser.parse_args()


def built(named):
    if named:
        return named.resolve()
    say("building rakscan")
    subprocess.run(["cargo", "build", "--quiet", "--release", "--package", "rakscan"], cwd=ROOT, check=True)
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    return Path(target).resolve() / "release" / "rakscan"


def main():
    chosen = arguments()
    missing = [path for path in chosen.code if not path.is_dir()]
    if missing:
        sys.exit(f"compare.py: no such folder: {missing[0]}")
    tools = {}
    for name, command in commands(built(chosen.rakscan)).items():
        if name in chosen.without:
            continue
        if shutil.which(command[0]):
            tools[name] = command
        else:
            say(f"missing: {name} (`{command[0]}` is not on the PATH); left out")
    print(f"Machine: {machine()}.\n\nVersions: {'; '.join(versions(tools))}.\n", flush=True)
    walls, too_slow = {}, set()
    chosen.trees.mkdir(parents=True, exist_ok=True)
    for size in [int(one) for one in chosen.sizes.split(",") if one]:
        say(f"tree of {size} plugins")
        path = tree(chosen.trees, size)
        walls[size] = measure(tools, [str(path)], chosen.runs, chosen.limit, too_slow)
        print(table(f"{size:,} plugins", [path], walls[size], chosen.limit), flush=True)
    if len(walls) > 1:
        print(growth(walls), flush=True)
    if chosen.code:
        say("real code")
        best = measure(tools, [str(path) for path in chosen.code], chosen.runs, chosen.limit, set())
        title = f"Real code: {', '.join(sorted(path.name for path in chosen.code))}"
        print(table(title, chosen.code, best, chosen.limit), flush=True)


if __name__ == "__main__":
    main()
