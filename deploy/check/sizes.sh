#!/bin/sh
# Fails when a source file has outgrown its limit. A file that grows past it
# has more than one subject: split it by subject, not by line count.
set -eu
cd "$(dirname "$0")/../.."

# sources lists this project's own files: tracked ones and new ones.
sources() {
    git ls-files --cached --others --exclude-standard -- "$@" ':!*.gen.ts' | sort -u
}

# within LIMIT PATTERN... prints each file longer than LIMIT.
within() {
    limit=$1
    shift
    sources "$@" | while IFS= read -r file; do
        [ -f "$file" ] || continue
        lines=$(wc -l <"$file")
        [ "$lines" -le "$limit" ] || echo "$file: $lines lines, at most $limit"
    done
}

too_long=$(
    within 300 '*.svelte'
    within 500 '*.ts' '*.css' '*.sh'
    within 500 '*.go' ':!*_test.go'
    within 800 '*_test.go'
)
if [ -n "$too_long" ]; then
    echo "$too_long" >&2
    exit 1
fi
echo "sizes: every file within its limit"
