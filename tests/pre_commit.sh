#!/usr/bin/env bash
# Runs the hooks with the real pre-commit program, from a wheel, in a scratch repository.
# Needs Rust, git and Python 3; installs pre-commit and maturin into a folder that it removes again.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
n_passed=0

passed() {
    printf 'ok: %s\n' "$*"
    n_passed=$((n_passed + 1))
}

failed() {
    printf 'FAILED: %s\n' "$*" >&2
    [[ -f $scratch/out ]] && cat "$scratch/out" >&2
    printf '%d passed, 1 failed\n' "$n_passed"
    exit 1
}

# Runs a command whose output is kept; $1 is the exit code that is expected.
expect() {
    local expected=$1 code=0
    shift
    "$@" >"$scratch/out" 2>&1 || code=$?
    [[ $code == "$expected" ]] || failed "exit code $code, not $expected: $*"
}

shows() {
    grep -qF -- "$1" "$scratch/out" || failed "the output does not show: $1"
}

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE

python3 -m venv "$scratch/venv"
bin=$scratch/venv/bin
"$bin/pip" install --quiet 'maturin>=1.9,<2' pre-commit
"$bin/pip" download --quiet --dest "$scratch/wheels" 'setuptools>=77' wheel
"$bin/maturin" build --quiet --profile dev --compatibility linux --out "$scratch/wheels"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
ls "$scratch/wheels/rakscan-$version-"*.whl >/dev/null
passed "a wheel of version $version"

# From here on pip sees nothing but the wheels, and no configuration of whoever runs this counts.
export HOME=$scratch/home GIT_CONFIG_NOSYSTEM=1 PRE_COMMIT_HOME=$scratch/cache
mkdir -p "$HOME"
git config --global user.name Test
git config --global user.email test@example.com
git config --global init.defaultBranch main
export PIP_NO_INDEX=1 PIP_FIND_LINKS=$scratch/wheels

expect 0 diff .pre-commit-hooks.yaml pre-commit/.pre-commit-hooks.yaml
expect 0 "$bin/pre-commit" validate-manifest .pre-commit-hooks.yaml
grep -qF "dependencies = [\"rakscan==$version\"]" pre-commit/pyproject.toml ||
    failed "pre-commit/pyproject.toml does not install version $version"
passed 'the hooks are declared as pre-commit wants them'

"$bin/python" -m venv "$scratch/plain"
"$scratch/plain/bin/pip" install --quiet rakscan
expect 0 "$scratch/plain/bin/rakscan" --version
shows "rakscan $version"
passed 'pip installs the program'

# The repository of the hooks, and one that uses them.
hooks=$scratch/hooks
cp -r pre-commit "$hooks"
git -C "$hooks" init --quiet
git -C "$hooks" add .
git -C "$hooks" commit --quiet --message 'hooks'
git -C "$hooks" tag "v$version"

shop=$scratch/shop
cp -r "$root/examples/wordpress-plugin/acme-donations" "$shop"
cd "$shop"
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $hooks
    rev: v$version
    hooks:
      - id: rakscan-check
YAML
git init --quiet
git add .
expect 0 "$bin/pre-commit" install
expect 0 git commit --message 'a plugin and its manifest'
shows 'rakscan check'
shows 'Passed'
passed 'a commit whose manifest is up to date'

expect 0 git commit --allow-empty --message 'nothing'
shows 'Skipped'
passed 'a commit without code runs nothing'

refunds=includes/class-acme-donations-refunds.php
sed -i.bak "s|'refunds', 'POST'|'payouts', 'POST'|" "$refunds"
rm "$refunds.bak"
git add .
expect 1 git commit --message 'pay out'
shows '+ payout_write'
shows "$refunds:26"
shows 'POST /v1/payouts'
shows 'rakscan check --fix'
passed 'a staged file that widens the key fails, and the message helps'

# What is not staged is not part of the commit.
git stash --quiet
printf 'A readme.\n' >>readme.txt
sed -i.bak "s|'refunds', 'POST'|'payouts', 'POST'|" "$refunds"
rm "$refunds.bak"
printf '\n' >>includes/class-acme-donations-donors.php
git add includes/class-acme-donations-donors.php
expect 0 git commit --message 'only white space is staged'
git checkout --quiet .
git stash pop --quiet
passed 'what is not staged does not count'

git add .
expect 1 "$bin/pre-commit" try-repo "$hooks" rakscan-fix --ref "v$version" --all-files
shows 'files were modified by this hook'
shows 'wrote stripe-permissions.yaml'
git add .
expect 0 git commit --message 'pay out, with a key that may'
shows 'Passed'
git show --stat --format= | grep -qF stripe-permissions.yaml || failed 'the manifest is not in the commit'
passed 'after the fix the commit passes'

expect 1 "$bin/pre-commit" try-repo "$hooks" rakscan-docs --ref "v$version" --all-files
shows 'README.md'
sed -i.bak 's/rakscan-check/rakscan-docs\n        args: [readme.txt]/' .pre-commit-config.yaml
git add .
expect 1 "$bin/pre-commit" run --all-files
shows 'wrote readme.txt'
git add .
expect 0 "$bin/pre-commit" run --all-files
grep -qF 'Payouts' readme.txt || failed 'readme.txt does not name the permission'
git checkout --quiet --force HEAD
passed 'the readme is written'

printf 'schema: 1\nunit: {\n' >stripe-permissions.yaml
git add .
expect 1 git commit --message 'cut'
shows 'this is no manifest'
passed 'a manifest that cannot be read fails with its line'

git checkout --quiet --force HEAD

# The action: its scripts, each with the variables that it names, without the runner around them.
"$bin/python" - "$root" "$scratch" <<'PYTHON'
import glob, sys, yaml
root, scratch = sys.argv[1:]
for path in glob.glob(f"{root}/examples/hooks/*.y*ml"):
    assert yaml.safe_load(open(path)), path
for step in yaml.safe_load(open(f"{root}/action.yml"))["runs"]["steps"]:
    if "run" in step:
        open(f"{scratch}/{step['id']}.sh", "w").write(step["run"])
PYTHON
# On a runner `python3` is a system Python; here it may be a shim that needs the home folder.
export RUNNER_TEMP=$scratch/runner GITHUB_OUTPUT=$scratch/output GITHUB_STEP_SUMMARY=$scratch/summary
export PATH=$bin:$PATH CHECK_PATH=. CHECK_ARGS='' FAIL=true
mkdir "$RUNNER_TEMP"
expect 0 env VERSION="$version" bash "$scratch/install.sh"
expect 0 bash "$scratch/check.sh"
grep -qx 'exit-code=0' "$GITHUB_OUTPUT" || failed 'exit-code is not 0'
sed -i.bak "s|'payouts', 'POST'|'topups', 'POST'|" "$refunds"
rm "$refunds.bak"
: >"$GITHUB_OUTPUT"
expect 0 bash "$scratch/check.sh"
shows '+ top_up_write'
grep -qx 'exit-code=1' "$GITHUB_OUTPUT" || failed 'exit-code is not 1'
grep -qF '**Write** on Top-ups' "$GITHUB_STEP_SUMMARY" || failed "$(cat "$GITHUB_STEP_SUMMARY")"
expect 1 env CODE=1 bash "$scratch/verdict.sh"
expect 0 env CODE=1 FAIL=false bash "$scratch/verdict.sh"
shows '::warning'
passed 'the action reports and fails'

printf '\n%d passed, 0 failed\n' "$n_passed"
