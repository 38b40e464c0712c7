#!/bin/sh
# Migrate the repository named, or a fresh git copy of the legacy shop, whose tests run before and after.
# Set by the Makefile: PY, the interpreter of .venv, and SHOP, where the copy goes.
set -eu
repo=$1
if [ -z "$repo" ]; then
    rm -rf "$SHOP"
    mkdir -p "$(dirname "$SHOP")"
    cp -R "$(dirname "$0")/legacy_shop" "$SHOP"
    cd "$SHOP"
    find . -name __pycache__ -prune -exec rm -rf {} +
    printf '__pycache__/\n.pytest_cache/\n' > .gitignore
    git init --quiet
    git add .
    git -c user.name=shop -c user.email=shop@example.invalid commit --quiet --message "Legacy shop"
    echo "== the shop's own tests, before"
    "$PY" -m pytest -q
else
    cd "$repo"
fi
echo "== migrate"
"$PY" -m flext_codemods migrate --diff . 2>/dev/null || true # what is wrong, the next line says
"$PY" -m flext_codemods migrate .
if [ -z "$repo" ]; then
    echo "== the shop's own tests, after"
    "$PY" -m pytest -q
    echo "== the migrated copy is in $SHOP; git diff there shows the change"
fi
