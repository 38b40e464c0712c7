#!/bin/sh
# Migrate the repository named, or a fresh git copy of the legacy shop, whose tests run and which is linted before and
# after, with the safe recipes and then with the unsafe ones; what is left for a person stands in by_hand.patch.
# Set by the Makefile: PY, the interpreter of .venv, and SHOP, where the copy goes.
set -eu
repo=$1
examples=$(cd "$(dirname "$0")" && pwd)

lint() { # how often each rule found something, all rules on
    if "$PY" -m flext_lint check --select=FLX --statistics .; then
        echo "nothing: clean under all rules"
    fi
}

fix() { # what flext-lint mends by itself, on a branch of its own that is left again
    git checkout --quiet -b fixed
    "$PY" -m flext_lint check --fix . || true # what no recipe mends, it prints
    git diff --shortstat
    tests
    git stash --quiet
    git checkout --quiet -
    git stash drop --quiet
}

commit() {
    git -c user.name=shop -c user.email=shop@example.invalid commit --quiet --all --message "$1"
}

tests() { # with our plugin alone; others are installed for our own tests
    PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 "$PY" -m pytest -q -p flext_pytest.plugin "$@"
}

survivors() { # of the mutants of all raises, in ten lines: the figures, and the most revealing
    echo "== each raise is changed and its tests run again: the first changes that no test notices"
    tests --flext-raise-mutants-seconds=60 | awk '
        /^all  / { print "raise sites " $2 ", mutants " $3 ", killed " $4 ", survived " $5 }
        / killed, .* seconds$/ { print }
        /^survivors/ { shown = 8 }
        shown && /^  / { print; shown-- }'
}

if [ -z "$repo" ]; then
    rm -rf "$SHOP"
    mkdir -p "$(dirname "$SHOP")"
    cp -R "$examples/legacy_shop" "$SHOP"
    cd "$SHOP"
    find . -name __pycache__ -prune -exec rm -rf {} +
    printf '__pycache__/\n.pytest_cache/\n' > .gitignore
    git init --quiet
    git add .
    commit "Legacy shop"
    echo "== the shop's own tests, before"
    tests
    echo "== flext-lint check, before"
    lint
    echo "== the same through flake8: the first three of its findings"
    "$PY" -m flake8 --isolated --select=FLX . | sed -n 1,3p
    echo "== flext-lint check --fix, and the shop's own tests after it"
    fix
else
    cd "$repo"
fi
echo "== migrate"
"$PY" -m flext_codemods migrate --diff . 2>/dev/null || true # what is wrong, the next line says
"$PY" -m flext_codemods migrate .
if [ -z "$repo" ]; then
    echo "== the shop's own tests, after"
    tests
    echo "== flext-lint check, after"
    lint
    commit "Migrate"
    echo "== migrate --unsafe: causes, context, base classes, handlers"
    "$PY" -m flext_codemods migrate --unsafe --select chain,context,handlers,rebase,specialise --add-dependency .
    echo "== the shop's own tests"
    tests
    echo "== flext-lint check"
    lint
    commit "Migrate with the unsafe recipes"
    echo "== what is left for a person: examples/by_hand.patch"
    git apply "$examples/by_hand.patch"
    git diff --shortstat
    echo "== the shop's own tests, and which raise sites they reach"
    tests --flext-raise-coverage
    echo "== flext-lint check"
    lint
    echo "== a test that expects another error: which part of it differs"
    tests --rootdir "$examples" "$examples/which_part.py" || true # it is there to fail
    survivors
    echo "== the migrated copy is in $SHOP; git log -p and git diff there show each step"
fi
