#!/bin/sh
# Installs what tests and measurements need beside Go and Node, and only what
# is missing: system.sh compiler browser postgresql mosquitto poppler openssl
# xmlsec1 java.
# Debian and its kin by apt-get; elsewhere it says what to install.
set -eu

# have PART tells whether a part is there already.
have() {
    case $1 in
    compiler) command -v gcc || command -v cc ;;
    browser) [ -x "${CHROMIUM:-/usr/bin/chromium}" ] && fc-list :lang=ko family | grep . ;;
    postgresql) command -v initdb || ls /usr/lib/postgresql/*/bin/initdb ;;
    mosquitto) command -v mosquitto || [ -x /usr/sbin/mosquitto ] ;;
    openssl) command -v openssl ;;
    xmlsec1) command -v xmlsec1 ;;
    poppler) command -v pdftotext && command -v pdffonts && command -v pdfinfo ;;
    java) command -v javac ;;
    *) echo "system.sh: no part is called $1" >&2 && exit 2 ;;
    esac >/dev/null 2>&1
}

# packages PART names the Debian packages of a part.
packages() {
    case $1 in
    compiler) echo gcc libc6-dev ;;
    browser) echo chromium fontconfig fonts-noto-cjk ;;
    java) echo default-jdk-headless ;;
    poppler) echo poppler-utils ;;
    *) echo "$1" ;;
    esac
}

# as_root COMMAND... runs a command with the rights to install.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

missing=
for part in "$@"; do
    have "$part" || missing="$missing $(packages "$part")"
done
[ -n "$missing" ] || exit 0

echo "Installing:$missing"
if ! command -v apt-get >/dev/null || { [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; }; then
    echo "This machine has no apt-get, or you are not root and have no sudo." >&2
    echo "Please install these packages (Debian names) and try again:$missing" >&2
    exit 1
fi
apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null; }
apt update
# Word splitting is wanted: each word is a package.
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing

for part in "$@"; do
    have "$part" || {
        echo "Installed, but $part is still not to be found." >&2
        exit 1
    }
done
