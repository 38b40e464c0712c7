#!/bin/sh
# Audit a fresh git copy of the legacy shop before and after its migration. Nothing is opened: the last lines name the
# pages. Set by the Makefile: PY, the interpreter of .venv, and SHOP, where the copy goes.
set -eu
examples=$(cd "$(dirname "$0")" && pwd)
pages=$(dirname "$SHOP")

commit() {
    git -c user.name=shop -c user.email=shop@example.invalid commit --quiet --all --message "$1"
}

rm -rf "$SHOP"
mkdir -p "$pages"
cp -R "$examples/legacy_shop" "$SHOP"
cd "$SHOP"
find . -name __pycache__ -prune -exec rm -rf {} +
printf '__pycache__/\n.pytest_cache/\n.flext/\n' > .gitignore
git init --quiet
git add .
commit "Legacy shop"
echo "== before"
"$PY" -m flext_codemods audit --html "$pages/audit-before.html" .
"$PY" -m flext_codemods migrate . > /dev/null
commit "Migrate"
"$PY" -m flext_codemods migrate --unsafe --select chain,context,handlers,rebase,specialise . > /dev/null
commit "Migrate with the unsafe recipes"
echo "== after"
"$PY" -m flext_codemods audit --since HEAD~2 --html "$pages/audit-after.html" .
echo "== what one function may raise, and where"
"$PY" -m flext_codemods audit --function Cart.check_out .
echo "== the pages: $pages/audit-before.html and $pages/audit-after.html"
