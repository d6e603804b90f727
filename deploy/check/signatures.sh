#!/usr/bin/env bash
# Holds what we sign against a verifier that is not ours: signatures.sh VERIFIER
# VERIFIER is a Java source file whose first line says "valid=true" of a good
# document and "valid=false" of a bad one. Each document of the tests is signed
# by the hub's command and must be valid; it must not be once the document or
# the signature is changed in one place.
set -euo pipefail
verifier=$(realpath "$1")
cd "$(dirname "$0")/../.."
deploy/check/system.sh java openssl

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
javac -nowarn -d "$work" "$verifier"
go build -o "$work/hub" ./hub
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/C=KR/CN=signature check' \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/openssl.log" || { cat "$work/openssl.log" >&2 && exit 1; }

# expect VERDICT FILE WHAT holds the verifier's first line against true or false.
expect() {
    local words
    words=$(java -cp "$work" "$(basename "$verifier" .java)" "$2" 2>&1) || true
    [[ ${words%%$'\n'*} == *" valid=$1 "* ]] || {
        printf 'signatures: %s: expected valid=%s, the verifier says:\n%s\n' "$3" "$1" "$words" >&2
        exit 1
    }
}

# tampered EXPRESSION changes the signed document in one place.
tampered() {
    sed "$1" "$work/signed.xml" >"$work/tampered.xml"
    cmp -s "$work/signed.xml" "$work/tampered.xml" && echo "signatures: $1 changes nothing" >&2 && exit 1
    return 0
}

count=0
for document in hub/invoice/testdata/documents/*.xml hub/invoice/{sign,kecxml}/testdata/{own-compact-unsigned,full}.xml; do
    [ -f "$document" ] || continue
    # Remarks on broken rules are not what is checked here.
    "$work/hub" invoice sign --key "$work/key.pem" --cert "$work/cert.pem" "$document" >"$work/signed.xml" 2>"$work/remarks.log" ||
        { cat "$work/remarks.log" >&2 && exit 1; }
    expect true "$work/signed.xml" "$document signed by us"
    tampered 's|<GrandTotalAmount>|&1|'
    expect false "$work/tampered.xml" "$document with another sum"
    tampered 's|<ds:SignatureValue>A|<ds:SignatureValue>B|; t; s|<ds:SignatureValue>.|<ds:SignatureValue>A|'
    expect false "$work/tampered.xml" "$document with another signature"
    count=$((count + 1))
done
[ "$count" -gt 0 ] || { echo "signatures: there is no document to sign" >&2 && exit 1; }
echo "signatures: $count documents signed by us are valid, and none of them after a change"
